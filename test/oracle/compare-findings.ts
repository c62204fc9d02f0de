import { quote } from './agree.js';
import type { Row } from './csv.js';
import { type Fault, findable, imageRules, scoreRules, severitiesOf, unpredicted } from './findings.js';
import { countClass, type ExpectedSummary, outcomeOf } from './scores.js';
import type { World } from './world.js';

export interface Looked {
  /** What was planted. */
  faults?: Fault[];
  /** Keys of the classes that `--class` left. */
  classes?: string[];
  /** Rules of severity error that may be there or not, where the contract leaves it open. */
  open?: string[];
}

/** findings.csv: what has to be there is, with its file, and no other error is. */
export function compareFindings(rows: Row[], world: World, due: ExpectedSummary, options: Looked, wrong: string[]) {
  const { faults = [], open = [] } = options;
  const chosen = (key: string) => options.classes?.includes(key) ?? true;
  const about = (row: Row) => `${row.rule} ${row.severity} ${row.class} ${quote(row.image)} ${quote(row.path)}`;
  const explained = new Set<Row>();
  const claim = (some: Row[]) => some.forEach((row) => void explained.add(row));
  for (const row of rows) {
    if (!severitiesOf(row.rule).includes(row.severity as 'error')) wrong.push(`severity of ${about(row)}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    if (/[\u0000-\u001f\u007f-\u009f]/.test(row.message)) wrong.push(`control character in message of ${about(row)}`);
    if (row.message.trim() === '') wrong.push(`no message: ${about(row)}`);
    if (/^(D00[6-9]|D011)$/.test(row.rule) && row.related_path === '') wrong.push(`no related_path: ${about(row)}`);
    if (row.class !== '' && !world.classes.some((c) => c.key === row.class)) wrong.push(`class of ${about(row)}`);
  }
  for (const fault of faults) {
    const mine = rows.filter(
      (row) =>
        row.rule === fault.rule &&
        (fault.anywhere ||
          fault.files.length === 0 ||
          fault.files.some((f) => [row.path, row.related_path].includes(f))) &&
        (fault.class === undefined || row.class === fault.class) &&
        (fault.severity === undefined || row.severity === fault.severity),
    );
    claim(mine);
    if (mine.length === 0) wrong.push(`not found: ${fault.rule} ${fault.class ?? ''} ${fault.files.map(quote)}`);
  }
  const perImage = imageRules(world).filter((f) => chosen(f.class));
  for (const rule of ['P001', 'P002', 'P003']) {
    const mine = rows.filter((row) => row.rule === rule);
    for (const f of perImage.filter((f) => f.rule === rule)) {
      const hits = mine.filter((row) => row.image === f.image && row.class === f.class);
      claim(hits);
      if (hits.length !== 1) wrong.push(`${hits.length} times ${rule} ${f.class} ${quote(f.image)}`);
    }
    const keys = findable(world).map((c) => c.key);
    for (const row of mine) {
      const disjoint = rule === 'P003' && isDisjoint(world, row);
      const lung = row.class === 'lung' && chosen('lung');
      if (disjoint || lung) claim([row]);
      else if (!explained.has(row) && keys.includes(row.class)) wrong.push(`too much: ${about(row)}`);
    }
  }
  const unscored = unpredicted(world);
  for (const image of unscored) {
    const mine = rows.filter((row) => row.rule === 'P007' && row.image === image);
    claim(mine);
    if (mine.length !== 1) wrong.push(`${mine.length} times P007 ${quote(image)}`);
  }
  const scores = scoreRules(due).filter((f) => chosen(f.class));
  for (const f of scores) {
    const mine = rows.filter((row) => row.rule === f.rule && row.class === f.class && row.severity === f.severity);
    claim(mine);
    if (mine.length === 0 && f.class !== 'background') wrong.push(`not found: ${f.rule} ${f.severity} ${f.class}`);
  }
  for (const row of rows) {
    if (row.severity === 'error' && !explained.has(row) && !open.includes(row.rule))
      wrong.push(`too much: ${about(row)}`);
  }
}

function isDisjoint(world: World, row: Row): boolean {
  const sample = world.samples.find((s) => s.image === row.image);
  const index = world.classes.find((c) => c.key === row.class)?.index;
  return (
    sample !== undefined && index !== undefined && outcomeOf(countClass(sample, index, world.ignore)) === 'disjoint'
  );
}
