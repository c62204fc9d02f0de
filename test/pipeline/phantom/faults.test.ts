import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../../../src/pipeline/phantom/manifest.js';
import { type PhantomOptions, type PlantedFault, runPhantom } from '../../../src/pipeline/run-phantom.js';
import { findFaults } from './fault-oracle.js';

const home = mkdtempSync(join(tmpdir(), 'phantom-faults-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let made = 0;
async function make(options: Omit<PhantomOptions, 'dir'>) {
  const dir = join(home, String(made++));
  const manifest = await runPhantom({ size: 64, seed: 21, ...options, dir });
  return { dir, manifest, seen: (await findFaults(dir)).map(({ rule, at }) => `${rule} ${at}`).sort() };
}

/** What the oracle should see of a planted fault. */
function expected({ rule, path, relatedPath, also }: PlantedFault): string[] {
  const name = (file: string) => file.slice(file.lastIndexOf('/') + 1);
  const at = relatedPath
    ? [name(path), name(relatedPath)].sort().join(' = ')
    : ['B002', 'L009'].includes(rule)
      ? ''
      : name(path);
  // A mask without any value above 127 is L003 to the oracle, which tells it from L002.
  return [`${rule} ${at}`, ...also.filter((other) => other !== 'L002').map((other) => `${other} ${at}`)];
}

const FILE_FAULTS = FAULTS.filter((rule) => !['D010', 'L009', 'B001', 'B002', 'B003', 'P008'].includes(rule));

describe('planted faults', () => {
  it('are none in a clean set', async () => {
    for (const options of [
      { images: 60 },
      { images: 50, size: 128, seed: 5 },
      { images: 40, prevalence: 0.4, splits: ['test'] },
    ]) {
      expect((await make(options)).seen).toEqual([]);
    }
  });

  it('are seen in every file that the manifest names, and nowhere else', async () => {
    const { manifest, seen, dir } = await make({ images: 240, faults: FILE_FAULTS, faultCount: 3 });
    expect(seen).toEqual(manifest.planted.flatMap(expected).sort());
    expect(manifest.planted.length).toBe(3 * FILE_FAULTS.length);
    expect(JSON.parse(readFileSync(join(dir, 'phantom.json'), 'utf8'))).toEqual(manifest);
  });

  it.each(FILE_FAULTS)('%s alone: its own fault and none beside it', async (rule) => {
    const { manifest, seen } = await make({ images: 24, seed: rule, faults: [rule] });
    expect(manifest.planted.map((fault) => fault.rule)).toEqual([rule]);
    expect(seen).toEqual(manifest.planted.flatMap(expected).sort());
  });

  it.each(['D010', 'L009', 'B002', 'B003'])('%s of the whole set', async (rule) => {
    const { manifest, seen } = await make({ images: 80, faults: [rule] });
    expect(manifest.planted.map((fault) => fault.rule)).toEqual([rule]);
    expect(seen).toEqual(manifest.planted.flatMap(expected));
  });

  it('P008: every COVID-19 picture is marked outside its lungs, no other picture and no mask is changed', async () => {
    const options = { images: 120, seed: 4, size: 96 };
    const [plain, marked] = [await make(options), await make({ ...options, faults: ['P008'] })];
    expect(marked.manifest.planted.map(({ rule }) => rule)).toEqual(['P008']);
    const files = readdirSync(plain.dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.png'));
    const changed = files.filter(
      (file) => !readFileSync(join(plain.dir, file)).equals(readFileSync(join(marked.dir, file))),
    );
    expect(changed.sort()).toEqual(files.filter((file) => /COVID-19.images/.test(file) && !/Non/.test(file)).sort());
    for (const file of changed) {
      const [before, after, lungs] = await Promise.all(
        [join(plain.dir, file), join(marked.dir, file), join(marked.dir, file.replace('images', 'lung masks'))].map(
          (each) => sharp(each).raw().toBuffer(),
        ),
      );
      const differs = [...before.keys()].filter((i) => before[i] !== after[i]);
      expect(differs.length).toBeGreaterThan(20);
      expect(differs.filter((i) => lungs[i] > 0)).toEqual([]);
    }
  });

  it('B001 of the whole set, with the B003 that comes of it', async () => {
    const { manifest, seen } = await make({ images: 80, faults: ['B001'] });
    expect(seen).toEqual(manifest.planted.flatMap(expected));
    expect(seen).toEqual(['B001 Val', 'B003 Val']);
  });

  it('leave the mask as it was but for the fault', async () => {
    const options = { images: 120, seed: 4 };
    const clean = await make(options);
    const faulty = await make({ ...options, faults: ['D004', 'D005', 'L001', 'L002', 'L003'], faultCount: 5 });
    const read = (dir: string, path: string) =>
      sharp(join(dir, path))
        .resize(64, 64, { kernel: 'nearest' })
        .toColourspace('b-w')
        .extractChannel(0)
        .raw()
        .toBuffer();
    for (const { rule, path, how } of faulty.manifest.planted) {
      const [before, after] = await Promise.all([read(clean.dir, path), read(faulty.dir, path)]);
      const cut = { D004: 128, D005: 128, L001: 1, L002: 128, L003: 1 }[rule]!;
      expect(
        after.every((value, i) => value >= cut === before[i] >= 128),
        `${rule} ${how}`,
      ).toBe(true);
    }
  });

  it('take their forms in turns', async () => {
    const { manifest } = await make({ images: 120, faults: ['D003', 'D005', 'L007'], faultCount: 5 });
    const forms = (rule: string) =>
      new Set(manifest.planted.filter((fault) => fault.rule === rule).map(({ how }) => how));
    expect(forms('D005').size).toBe(5);
    expect([...forms('L007')].sort()).toEqual(['inverted', 'nearly all of the image', 'no lung', 'one lung']);
    expect(manifest.planted.some(({ rule, path }) => rule === 'D003' && path.includes('/images/'))).toBe(true);
  });
});

describe('calls that make no set', () => {
  const call = (options: Partial<PhantomOptions>) =>
    runPhantom({ dir: join(home, 'wrong'), images: 12, size: 64, ...options });

  it('say what was seen and what would be right', async () => {
    await expect(call({ faults: ['D001', 'P001'] })).rejects.toThrow(/P001 can be planted; these can: D001/);
    await expect(call({ faults: ['L009', 'D009'] })).rejects.toThrow(/L009 and D009/);
    await expect(call({ faults: ['D007'], splits: ['test'] })).rejects.toThrow(
      /D007 needs images of COVID-19 in two splits/,
    );
    await expect(call({ faults: ['B003'], splits: ['test'] })).rejects.toThrow(/B003 needs two splits/);
    await expect(call({ prevalence: 0, faults: ['L003'] })).rejects.toThrow(
      /no COVID-19 image without a fault is left for L003/,
    );
    await expect(call({ size: 32 })).rejects.toThrow(/size is a whole number from 64 to 1024, got 32/);
    await expect(call({ images: 1.5 })).rejects.toThrow(/images is a whole number/);
    await expect(call({ prevalence: 2 })).rejects.toThrow(/prevalence is a share from 0 to 1, got 2/);
    await expect(call({ splits: ['dev'] })).rejects.toThrow(/no split 'dev'/);
    await expect(call({ predictions: join(home, 'wrong', 'p') })).rejects.toThrow(
      /can't lie in the dataset's own folder/,
    );
  });
});
