import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cell, close, quote, same, tally } from './agree.js';
import { compareFindings, type Looked } from './compare-findings.js';
import { compareSummary } from './compare-summary.js';
import { FORMULA, type ParsedCsv, parseCsv, plainCell, type Row } from './csv.js';
import { accuracyOf, countClass, diceOf, iouOf, outcomeOf, summaryOf } from './scores.js';
import type { Expected, World } from './world.js';

export interface Options extends Looked {
  /** `--metric-batch`. */
  batch?: number;
  /** False leaves figures alone, where the contract doesn't say what they are. */
  figures?: boolean;
}

const IMAGES =
  'image,split,source,status,width,height,accuracy,findings,rules,image_path,truth_path,prediction_path'.split(',');
const FINDINGS = 'rule,severity,image,split,source,class,value,message,path,related_path'.split(',');
const CLASS =
  'image,split,source,truth_pixels,predicted_pixels,tp,fp,fn,iou,dice,outcome,max_probability,rules,image_path,truth_path,prediction_path'.split(
    ',',
  );

/** Reads a run folder and says in plain sentences where it isn't what has to come of `world`. Empty: it agrees. */
export function disagreements(run: string, world: World, options: Options = {}): string[] {
  const wrong: string[] = [];
  const images = readTable(run, 'images.csv', IMAGES, wrong);
  const findings = readTable(run, 'findings.csv', FINDINGS, wrong);
  if (images === null || findings === null) return wrong;
  const samples = inOrder(images.rows, world.samples, wrong);
  const figures = options.figures ?? true;
  if (figures) compareImages(images.rows, samples, world, wrong);
  for (const { index, key } of world.classes) {
    if (index === 0 || !(options.classes?.includes(key) ?? true)) continue;
    const table = readTable(run, `${key}.csv`, CLASS, wrong);
    if (table && figures) compareClass(table.rows, samples, world, key, index, wrong);
  }
  compareRuleColumns(images.rows, findings.rows, wrong);
  const summary = JSON.parse(readText(run, 'summary.json'));
  const expected = summaryOf(samples, world.classes, world.ignore, options.batch);
  if (figures) compareSummary(summary, samples, world, options.batch, wrong);
  compareFindings(findings.rows, world, expected, options, wrong);
  const counted = Object.entries(summary.findings as Record<string, number>).filter(([, n]) => n > 0);
  same(Object.fromEntries(counted), tally(findings.rows.map((f) => f.rule)), 'summary.json findings', wrong);
  return wrong;
}

export function readTable(run: string, name: string, columns: string[], wrong: string[]): ParsedCsv | null {
  if (!existsSync(join(run, name))) {
    wrong.push(`${name} is missing`);
    return null;
  }
  const table = parseCsv(readText(run, name));
  const known = table.header.filter((column) => columns.includes(column));
  if (known.join() !== columns.join()) wrong.push(`${name}: header ${table.header}`);
  for (const row of table.rows) {
    for (const [column, cell] of Object.entries(row)) {
      if (/^-?(nan|inf|infinity)$/i.test(cell)) wrong.push(`${name}: ${column} is ${cell}`);
      // A negative number is no formula.
      if (FORMULA.test(cell) && !/^-\d+(\.\d+)?(e-?\d+)?$/.test(cell)) {
        wrong.push(`${name}: ${column} isn't escaped: ${JSON.stringify(cell)}`);
      }
      row[column] = plainCell(cell);
    }
  }
  return table;
}

function readText(run: string, name: string): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(join(run, name)));
}

/** The samples in the order of images.csv; says which rows are missing, strange or double. */
function inOrder(rows: Row[], samples: Expected[], wrong: string[]): Expected[] {
  const byImage = new Map(samples.map((s) => [s.image, s]));
  const found = rows.map((row) => row.image);
  for (const image of new Set(found)) if (!byImage.has(image)) wrong.push(`images.csv: unknown ${quote(image)}`);
  for (const [image, n] of Object.entries(tally(found))) if (n > 1) wrong.push(`images.csv: ${n} of ${quote(image)}`);
  for (const { image } of samples) if (!found.includes(image)) wrong.push(`images.csv: no row of ${quote(image)}`);
  return found.flatMap((image) => byImage.get(image) ?? []);
}

function compareImages(rows: Row[], samples: Expected[], world: World, wrong: string[]) {
  const byImage = new Map(samples.map((s) => [s.image, s]));
  for (const row of rows) {
    const sample = byImage.get(row.image);
    if (!sample) continue;
    const say = (column: string) => `images.csv ${quote(row.image)} ${column}`;
    same(row.split, sample.split, say('split'), wrong);
    same(row.source, sample.source, say('source'), wrong);
    same(row.status, sample.status, say('status'), wrong);
    // Of an annotation that can't be made, the lung mask's size may still be known.
    if (sample.size) same([row.width, row.height].map(Number), Object.values(sample.size), say('size'), wrong);
    close(cell(row.accuracy), accuracyOf(sample, world.ignore), say('accuracy'), wrong);
    comparePaths(row, sample, say, wrong);
  }
}

function comparePaths(row: Row, sample: Expected, say: (column: string) => string, wrong: string[]) {
  same(row.image_path, sample.imagePath, say('image_path'), wrong);
  if (sample.truthPath !== undefined) same(row.truth_path, sample.truthPath, say('truth_path'), wrong);
  if (sample.predictionPath !== undefined) {
    same(row.prediction_path, sample.predictionPath, say('prediction_path'), wrong);
  }
}

function compareClass(rows: Row[], samples: Expected[], world: World, key: string, index: number, wrong: string[]) {
  const order = rows.map((row) => row.image);
  if (JSON.stringify(order) !== JSON.stringify(samples.map((s) => s.image))) wrong.push(`${key}.csv: another order`);
  const byImage = new Map(samples.map((s) => [s.image, s]));
  for (const row of rows) {
    const sample = byImage.get(row.image);
    if (!sample) continue;
    const say = (column: string) => `${key}.csv ${quote(row.image)} ${column}`;
    const counts = countClass(sample, index, world.ignore);
    const columns = { truth_pixels: 'truth', predicted_pixels: 'predicted', tp: 'tp', fp: 'fp', fn: 'fn' } as const;
    for (const [column, name] of Object.entries(columns)) same(cell(row[column]), counts[name], say(column), wrong);
    close(cell(row.iou), iouOf(counts), say('iou'), wrong);
    close(cell(row.dice), diceOf(counts), say('dice'), wrong);
    same(row.outcome, outcomeOf(counts), say('outcome'), wrong);
    same(row.max_probability, '', say('max_probability'), wrong);
    same([row.split, row.source], [sample.split, sample.source], say('split, source'), wrong);
    comparePaths(row, sample, say, wrong);
  }
}

function compareRuleColumns(images: Row[], findings: Row[], wrong: string[]) {
  for (const row of images) {
    const mine = findings.filter((f) => f.image === row.image);
    same(Number(row.findings), mine.length, `images.csv ${quote(row.image)} findings`, wrong);
    const rules = row.rules.split(/[ ;,|]+/).filter((r) => r !== '');
    const due = [...new Set(mine.map((f) => f.rule))];
    same([...new Set(rules)].sort(), due.sort(), `images.csv ${quote(row.image)} rules`, wrong);
  }
}
