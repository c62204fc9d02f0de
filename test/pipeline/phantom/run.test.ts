import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { makeRange } from '../../../src/pipeline/phantom/make.js';
import { readRequest } from '../../../src/pipeline/phantom/request.js';
import { type PhantomOptions, runPhantom, type Source } from '../../../src/pipeline/run-phantom.js';

const home = mkdtempSync(join(tmpdir(), 'phantom-run-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let made = 0;
const fresh = () => join(home, String(made++));

function filesOf(dir: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(file.slice(dir.length + 1), createHash('sha256').update(readFileSync(file)).digest('hex'));
  }
  return files;
}

const gray = (file: string) => sharp(file).toColourspace('b-w').raw().toBuffer();

/** Truth and predicted pixels of a class and how many are both, counted from the files. */
async function recount(dir: string, predictions: string, nonCovidDrawn: boolean) {
  const counts = {
    covid: { hit: 0, miss: 0, false_alarm: 0, disjoint: 0, empty: 0 },
    nonCovid: { hit: 0, miss: 0, false_alarm: 0, disjoint: 0, empty: 0 },
  };
  let exact = 0;
  for (const file of filesOf(dir).keys()) {
    if (!file.includes('/images/')) continue;
    const [image, lung, infection] = await Promise.all(
      [
        join(predictions, file),
        join(dir, file.replace('/images/', '/lung masks/')),
        join(dir, file.replace('/images/', '/infection masks/')),
      ].map(gray),
    );
    const isNon = file.includes('/Non-COVID/');
    const truth = lung.map((value, i) => {
      if (infection[i]) return isNon ? 3 : 2;
      if (!value) return 0;
      return isNon && !nonCovidDrawn ? 3 : 1;
    });
    if (Buffer.compare(truth, image) === 0) exact++;
    for (const [key, label] of [
      ['covid', 2],
      ['nonCovid', 3],
    ] as const) {
      const wanted = truth.some((value) => value === label);
      const given = image.some((value) => value === label);
      const both = image.some((value, i) => value === label && truth[i] === label);
      const outcome = both ? 'hit' : wanted && given ? 'disjoint' : wanted ? 'miss' : given ? 'false_alarm' : 'empty';
      counts[key][outcome]++;
    }
  }
  return { ...counts, exact };
}

describe('runPhantom', () => {
  it('writes three files for each image and the manifest, and counts them', async () => {
    const dir = fresh();
    const seen: number[] = [];
    const manifest = await runPhantom(
      { dir, images: 70, size: 64 },
      { onProgress: ({ done, total }) => seen.push(done / total) },
    );
    const files = [...filesOf(dir).keys()];
    expect(files.length).toBe(211);
    for (const leaf of ['images', 'lung masks', 'infection masks'])
      expect(files.filter((file) => file.includes(`/${leaf}/`)).length).toBe(70);
    const counted = Object.values(manifest.counts)
      .flatMap((sources) => Object.values(sources!))
      .reduce((a, b) => a + b, 0);
    expect(counted).toBe(70);
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it('gives the same files for the same options, others for another seed', async () => {
    const options = { images: 40, size: 64, faults: ['D008', 'L008', 'L002'] };
    const [a, b, c] = [fresh(), fresh(), fresh()];
    await runPhantom({ ...options, dir: a, seed: 1 });
    await runPhantom({ ...options, dir: b, seed: 1 });
    await runPhantom({ ...options, dir: c, seed: 2 });
    expect(filesOf(b)).toEqual(filesOf(a));
    expect(filesOf(c)).not.toEqual(filesOf(a));
  });

  it('gives the same files however the images are dealt out to workers', async () => {
    const [whole, parts] = [fresh(), fresh()];
    const options = { images: 40, size: 64, predictions: `${whole}-p`, missRate: 0.3 };
    await runPhantom({ ...options, dir: whole });
    await runPhantom({ ...options, dir: parts, predictions: `${parts}-p` });
    const { job } = readRequest({ ...options, dir: parts, predictions: `${parts}-p` });
    const before = filesOf(parts);
    for (const [from, to] of [
      [30, 40],
      [7, 30],
      [0, 7],
    ])
      makeRange(job, { from, to });
    expect(filesOf(parts)).toEqual(before);
    expect(filesOf(`${parts}-p`)).toEqual(filesOf(`${whole}-p`));
  });

  it('stops when it is aborted, and leaves no manifest', async () => {
    const dir = fresh();
    const stop = new AbortController();
    const run = runPhantom({ dir, images: 200, size: 64 }, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(run).rejects.toThrow(/abort/i);
    expect(existsSync(join(dir, 'phantom.json'))).toBe(false);
    expect(filesOf(dir).size).toBeLessThan(300);
    await runPhantom({ dir, images: 12, size: 64, overwrite: true });
    expect(filesOf(dir).size).toBe(37);
  });

  it('does not write over what lies in the folder, not even with overwrite where that is no phantom', async () => {
    const dir = fresh();
    mkdirSync(join(dir, 'Infection Segmentation Data'), { recursive: true });
    writeFileSync(join(dir, 'Infection Segmentation Data', 'dear.png'), 'x');
    await expect(runPhantom({ dir, images: 2, size: 64 })).rejects.toThrow(/is not empty/);
    await expect(runPhantom({ dir, images: 2, size: 64, overwrite: true })).rejects.toThrow(
      /something else than a phantom/,
    );
    expect(readdirSync(join(dir, 'Infection Segmentation Data'))).toEqual(['dear.png']);
  });

  it.runIf(process.platform === 'linux')('says so where it can not write', async () => {
    await expect(runPhantom({ dir: '/proc/phantom/x', images: 2, size: 64 })).rejects.toMatchObject({
      name: 'WorkError',
      message: /could not be written: ENOENT/,
    });
  });

  it('writes Non-COVID infection masks where they are asked for', async () => {
    const [plain, drawn] = [fresh(), fresh()];
    await runPhantom({ dir: plain, images: 12, size: 64 });
    await runPhantom({ dir: drawn, images: 12, size: 64, nonCovidMasks: true });
    const differing = [...filesOf(drawn)]
      .filter(([file, hash]) => filesOf(plain).get(file) !== hash)
      .map(([file]) => file);
    expect(differing.length).toBe(
      [...filesOf(drawn).keys()].filter((file) => file.includes('/Non-COVID/images/')).length,
    );
    for (const file of differing) expect(file).toContain('/Non-COVID/infection masks/');
  });
});

const NONE = { hit: 0, miss: 0, false_alarm: 0, disjoint: 0, empty: 0 };

describe('simulated predictions', () => {
  const simulate = async (options: Partial<PhantomOptions>) => {
    const dir = fresh();
    const predictions = `${dir}-predictions`;
    const manifest = await runPhantom({ dir, images: 240, size: 64, predictions, ...options });
    const of = (source: Source) => Object.values(manifest.counts).reduce((sum, sources) => sum + sources![source], 0);
    return {
      of,
      tally: manifest.predictions!,
      counted: await recount(dir, predictions, options.nonCovidMasks ?? false),
    };
  };

  it('are the truth itself without errors and noise', async () => {
    for (const nonCovidMasks of [false, true]) {
      const { of, tally, counted } = await simulate({ noise: 0, images: 60, nonCovidMasks });
      const [covid, other] = [of('COVID-19'), of('Non-COVID')];
      expect(counted.exact).toBe(60);
      expect(tally.covid).toEqual({ ...NONE, hit: covid, empty: 60 - covid });
      expect(tally.nonCovid).toEqual({ ...NONE, hit: other, empty: 60 - other });
    }
  });

  it('come to the outcomes that the manifest counts, at about the rates asked for', async () => {
    const rates = { missRate: 0.25, falseAlarmRate: 0.3, swapRate: 0.2, disjointRate: 0.2, noise: 0.6 };
    const { tally, counted } = await simulate(rates);
    expect(tally.covid).toEqual(counted.covid);
    expect(tally.nonCovid).toEqual(counted.nonCovid);
    expect(counted.exact).toBe(0);
    // Of 120 COVID-19, 60 Non-COVID and 60 Normal images; within four standard deviations.
    const near = (count: number, of: number, rate: number) =>
      expect(Math.abs(count - of * rate)).toBeLessThan(4 * Math.sqrt(of * rate * (1 - rate)));
    near(tally.nonCovid.miss, 60, 0.25);
    near(tally.covid.false_alarm, 120, 0.3);
    near(tally.swapped, 120, 0.75 * 0.2);
    near(tally.covid.disjoint, 120, 0.75 * 0.8 * 0.2);
    near(tally.covid.miss - tally.swapped, 120, 0.25);
    expect(tally.nonCovid.false_alarm).toBe(tally.swapped);
  });

  it('never have a class that is never predicted', async () => {
    const covid = await simulate({ neverPredict: 'covid', falseAlarmRate: 0.5, disjointRate: 0.5, images: 40 });
    const positive = covid.of('COVID-19');
    expect(covid.tally.covid).toEqual({ ...NONE, miss: positive, empty: 40 - positive });
    expect(covid.counted.covid).toEqual(covid.tally.covid);
    const other = await simulate({ neverPredict: 'non-covid', swapRate: 1, images: 40 });
    expect(other.counted.nonCovid).toEqual({ ...NONE, miss: other.of('Non-COVID'), empty: 40 - other.of('Non-COVID') });
    expect(other.tally.covid.hit).toBe(other.of('COVID-19'));
  });

  it('count copies that are planted as faults', async () => {
    const { tally, counted } = await simulate({ images: 60, faults: ['D006', 'D007'], faultCount: 3, missRate: 0.5 });
    expect(tally.images).toBe(66);
    expect(tally.covid).toEqual(counted.covid);
  });
});
