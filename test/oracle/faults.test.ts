import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { maskaudit, scratch } from './cli.js';
import { disagreements, type Options } from './compare.js';
import { OFFICIAL, type Part, type Plate, planPlates, SPLITS, writeCovidWorld } from './covid-world.js';
import { parseCsv } from './csv.js';
import { PLANTS } from './faults.js';
import { type Fault, imageRules, scoreRules, unpredicted } from './findings.js';
import { encodePng, gray } from './png.js';
import { summaryOf } from './scores.js';
import { type World, writeFile } from './world.js';

const { folder, remove } = scratch('faults');
afterAll(remove);

const at = (part: Part) => (plate: Plate) =>
  `${OFFICIAL.root}/${OFFICIAL.split[plate.split]}/${OFFICIAL.source[plate.source]}/${OFFICIAL.part[part]}/${plate.stem}.png`;
const paths = { image: at('images'), lung: at('lung'), infection: at('infection'), prediction: at('images') };
const clean = (seed: number, count: Parameters<typeof planPlates>[0]['count'] = () => 2) =>
  planPlates({ seed, count, size: () => ({ width: 48, height: 48 }) });

function audit(world: World, run: string, faults: Fault[], options: Options & { extra?: string[] } = {}) {
  const { predictions, dataset, args } = world;
  const done = maskaudit(
    ...['audit', dataset, ...(predictions ? ['--predictions', predictions] : []), ...args],
    ...['--out', run, '--no-ui', ...(options.extra ?? [])],
  );
  const due = summaryOf(world.samples, world.classes, world.ignore);
  const errors =
    faults.some((f) => f.severity === 'error') ||
    imageRules(world).some((f) => f.rule === 'P001') ||
    unpredicted(world).length > 0 ||
    scoreRules(due).some((f) => f.severity === 'error');
  const wrong = disagreements(run, world, { faults, ...options });
  if (done.status !== (errors ? 1 : 0)) wrong.push(`exit code ${done.status}: ${done.stderr.slice(-1500)}`);
  return wrong.slice(0, 40);
}

describe('each planted fault is named with its file, and no other error beside it', () => {
  it.each(Object.keys(PLANTS))('%s', (name) => {
    const home = join(folder, name.replaceAll('/', ' '));
    const plates = clean(Object.keys(PLANTS).indexOf(name) + 1000);
    const faults = PLANTS[name]({ plates, ...paths });
    // Whether an image that can't be decoded is scored where masks alone are compared is not said.
    const figures = !/D003, image/.test(name);
    expect(audit(writeCovidWorld(home, plates), join(home, 'run'), faults, { figures })).toEqual([]);
  });

  it('D002, a mask without an image', () => {
    const home = join(folder, 'orphan');
    const world = writeCovidWorld(home, clean(50));
    const path = `${OFFICIAL.root}/Val/Normal/lung masks/Normal (999).png`;
    writeFile(join(world.dataset, path), encodePng(gray(48, 48, new Uint8Array(48 * 48))));
    expect(audit(world, join(home, 'run'), [{ rule: 'D002', severity: 'warning', files: [path] }])).toEqual([]);
  });

  it('D010, an empty folder', () => {
    const home = join(folder, 'empty folder');
    const world = writeCovidWorld(
      home,
      clean(51, (split, source) => (split === 'val' && source === 'Normal' ? 0 : 2)),
    );
    const path = `${OFFICIAL.root}/Val/Normal/images`;
    for (const part of ['images', 'lung masks', 'infection masks']) {
      mkdirSync(join(world.dataset, dirname(path), part), { recursive: true });
    }
    const wrong = audit(world, join(home, 'run'), [{ rule: 'D010', severity: 'warning', files: [], anywhere: true }]);
    expect(wrong).toEqual([]);
    const { rows } = parseCsv(String(readFindings(join(home, 'run'))));
    expect(rows.filter((r) => r.rule === 'D010').some((r) => r.path.startsWith(dirname(path)))).toBe(true);
  });

  it('B001, a class that a split lacks', () => {
    const home = join(folder, 'absent');
    const plates = clean(52, (split, source) => (split === 'val' && source === 'COVID-19' ? 0 : 2));
    const faults: Fault[] = [{ rule: 'B001', severity: 'warning', files: [], class: 'covid' }];
    expect(audit(writeCovidWorld(home, plates), join(home, 'run'), faults)).toEqual([]);
  });

  it('B002, an imbalance beyond 50', () => {
    const home = join(folder, 'imbalance');
    const plates = clean(53, (_, source) => (source === 'COVID-19' ? 1 : 12));
    const faults: Fault[] = [{ rule: 'B002', severity: 'warning', files: [], class: 'covid' }];
    expect(audit(writeCovidWorld(home, plates), join(home, 'run'), faults)).toEqual([]);
  });

  it('B003, a split of other proportions', () => {
    const home = join(folder, 'proportions');
    const plates = clean(54, (split, source) => (split === 'test' ? (source === 'Normal' ? 9 : 1) : 4));
    const faults: Fault[] = [{ rule: 'B003', severity: 'warning', files: [] }];
    expect(audit(writeCovidWorld(home, plates), join(home, 'run'), faults)).toEqual([]);
  });

  it('M001 and M002, no COVID image anywhere', () => {
    const home = join(folder, 'no covid');
    const plates = clean(55, (_, source) => (source === 'COVID-19' ? 0 : 3));
    const world = writeCovidWorld(home, plates);
    expect(audit(world, join(home, 'run'), [])).toEqual([]);
  });

  it('M001 and M003, COVID is never predicted: 0.5 smoothed, 0 pooled', () => {
    const home = join(folder, 'never');
    const plates = clean(56, (_, source) => ({ 'COVID-19': 4, 'Non-COVID': 2, Normal: 2 })[source]);
    for (const plate of plates) {
      if (plate.prediction && 'map' in plate.prediction) {
        plate.prediction.map = plate.prediction.map.map((v) => (v === 2 ? 1 : v));
      }
    }
    const world = writeCovidWorld(home, plates);
    const expected = summaryOf(world.samples, world.classes, null).classes[2];
    expect(expected.iou.pooled).toBe(0);
    expect(expected.iou.imageMeanSmoothed).toBeCloseTo(0.5, 5);
    expect(audit(world, join(home, 'run'), [])).toEqual([]);
  });

  it('L003, a stated encoding that loses the class: COVID scores 1.0000 smoothed, and the audit says why', () => {
    const home = join(folder, 'lost');
    const plates = clean(57);
    // Lungs are stored as 0/1, infections as 0/255, and 1 is what is read.
    for (const plate of plates) plate.bytes.lung = encodePng(gray(48, 48, plate.lung!));
    const world = writeCovidWorld(home, plates);
    const config = join(home, 'maskaudit.config.json');
    writeFile(config, JSON.stringify({ maskEncoding: 'equals:1' }));
    world.args.push('--config', config);
    world.samples = world.samples.map((s, i) => {
      const { lung, source } = plates[i];
      const truth = lung!.map((v) => (source === 'Non-COVID' ? v * 3 : v));
      writeFile(join(world.predictions!, `${s.image}.png`), encodePng(gray(48, 48, truth)));
      return { ...s, truth, predicted: truth };
    });
    const lost = plates.filter((p) => p.infection!.some((v) => v > 0));
    const faults: Fault[] = lost.map((p) => ({ rule: 'L003', severity: 'error', files: [paths.infection(p)] }));
    faults.push({ rule: 'L003', files: [], class: 'covid' });
    expect(audit(world, join(home, 'run'), faults)).toEqual([]);
    const { predictions, dataset, args } = world;
    const { stdout } = maskaudit('audit', dataset, '--predictions', predictions!, ...args, '--out', join(home, 'text'));
    const first = stdout.split('\n').slice(0, 4).join(' ');
    for (const said of [/covid/i, /never reached/i, /1\.0000/, /equals:1/]) expect(first).toMatch(said);
  });

  it('all problems of a dataset in one run', () => {
    const home = join(folder, 'all');
    const plates = clean(58, () => 4);
    const names = [
      'D001, lung mask',
      'L001, a 0/1 mask',
      'L005, an infection in a Normal image',
      'D007, in two splits',
    ];
    const faults = names.flatMap((name) => PLANTS[name]({ plates, ...paths }));
    expect(audit(writeCovidWorld(home, plates), join(home, 'run'), faults)).toEqual([]);
  });

  it('a stated size and a folder in place of a file', () => {
    const home = join(folder, 'folder');
    const plates = clean(59);
    const plate = plates[0];
    plate.unreadable = true;
    const world = writeCovidWorld(home, plates);
    const path = at('infection')(plate);
    rmSync(join(world.dataset, path));
    mkdirSync(join(world.dataset, path));
    const run = join(home, 'run');
    const done = maskaudit('audit', world.dataset, '--predictions', world.predictions!, ...world.args, '--out', run);
    expect(done.status, done.stderr).toBe(1);
    expect(SPLITS.length).toBe(3);
    const { rows } = parseCsv(String(readFindings(run)));
    const mine = rows.filter((r) => r.severity === 'error');
    expect(mine.map((r) => r.image)).toEqual([world.samples[0].image]);
  });
});

function readFindings(run: string): Buffer {
  return readFileSync(join(run, 'findings.csv'));
}
