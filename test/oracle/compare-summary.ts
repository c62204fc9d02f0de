import { close, closeAll, type Json, same } from './agree.js';
import { CONVENTIONS, type ExpectedSummary, summaryOf } from './scores.js';
import type { Expected, World } from './world.js';

/** summary.json, whole and split by split. `samples` are in the order of images.csv. */
export function compareSummary(
  summary: Json,
  samples: Expected[],
  world: World,
  batch: number | undefined,
  wrong: string[],
) {
  same(summary.schema, 1, 'summary.json schema', wrong);
  same(summary.complete, true, 'summary.json complete', wrong);
  const group = (got: Json, some: Expected[], name: string) =>
    compareGroup(got, summaryOf(some, world.classes, world.ignore, batch), name, wrong);
  group(summary, samples, 'summary.json');
  const splits = [...new Set(samples.map((s) => s.split))].filter((s) => s !== '');
  for (const split of splits) {
    const some = samples.filter((s) => s.split === split);
    if (summary.splits?.[split]) group(summary.splits[split], some, `splits.${split}`);
    else wrong.push(`summary.json: no split ${split}`);
  }
}

function compareGroup(got: Json, due: ExpectedSummary, name: string, wrong: string[]) {
  for (const key of ['images', 'scored', 'unscored'] as const) same(got[key], due[key], `${name} ${key}`, wrong);
  same(got.confusion, due.confusion, `${name} confusion`, wrong);
  close(got.accuracy, due.accuracy, `${name} accuracy`, wrong);
  close(got.backgroundAccuracy, due.backgroundAccuracy, `${name} backgroundAccuracy`, wrong);
  const keys = due.classes.map((c) => c.key);
  same(
    got.classes?.map((c: Json) => c.key),
    keys,
    `${name} classes`,
    wrong,
  );
  due.classes.forEach((c, k) => {
    const { confidence95, name: _, ...rest } = c;
    const mine = got.classes[k];
    closeAll(mine, rest, `${name} ${c.key}`, wrong);
    closeAll(mine.confidence95.sensitivity, confidence95.sensitivity, `${name} ${c.key} sensitivity`, wrong);
    compareBootstrap(mine.confidence95.pooledIou, c, `${name} ${c.key} confidence95.pooledIou`, wrong);
  });
  closeAll(got.detection, due.detection, `${name} detection`, wrong);
  for (const mean of ['meanIou', 'meanDice'] as const) {
    for (const over of ['all', 'foreground'] as const) {
      for (const convention of CONVENTIONS) {
        close(got[mean][over][convention], due[mean][over][convention], `${name} ${mean}.${over}.${convention}`, wrong);
      }
      if (got[mean][over].classes) {
        closeAll(got[mean][over].classes, due[mean][over].classes, `${name} ${mean}.${over}.classes`, wrong);
      }
    }
  }
}

/** Bounds that any bootstrap over images keeps. */
function compareBootstrap(got: Json, due: ExpectedSummary['classes'][number], what: string, wrong: string[]) {
  const { pooled } = due.iou;
  if (pooled === null) return same(got, null, what, wrong);
  if (!Array.isArray(got) || got.length !== 2) return void wrong.push(`${what}: ${JSON.stringify(got)}`);
  const [low, high] = got;
  if (!(low >= 0 && low <= high && high <= 1)) wrong.push(`${what}: ${got}`);
  if (pooled === 1 || pooled === 0) closeAll(got, [pooled, pooled], what, wrong);
  const occurs = due.outcomes.hit + due.outcomes.miss + due.outcomes.disjoint + due.outcomes.false_alarm;
  if (occurs >= 10 && !(low <= pooled && pooled <= high)) wrong.push(`${what}: ${got} without ${pooled}`);
}
