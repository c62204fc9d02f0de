import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRandom, type Random } from '../random.js';
import { encodeSample, type Job, predictionAt, sampleAt, writePrediction } from './make.js';
import { addTally, emptyTally, type PlantedFault, type PredictionTally, type Source, type Split } from './manifest.js';
import { idOf, type Leaf, type Place, pathOf } from './plan.js';
import type { PhantomSample } from './sample.js';

/** Where faults are planted: the images that were made. */
export interface Ground {
  random: Random;
  size: number;
  /** Splits that have images of the source. */
  splitsOf(source: Source): Split[];
  victimAt(place: Place): Victim;
  /** Name of a further image of the source, which no other has. */
  spareName(source: Source): string;
  /** Counts of the predictions of copied images. */
  tally: PredictionTally;
}

/** An image that gets a fault; its files are written anew, not read. */
export interface Victim {
  place: Place;
  sample: PhantomSample;
  files: Record<Leaf, Buffer>;
  replace(leaf: Leaf, bytes: Uint8Array): void;
  remove(leaf: Leaf): void;
  /** Writes the named files under another place too. */
  copyTo(place: Omit<Place, 'index'>, leaves: readonly Leaf[]): void;
  /** Writes the whole image under another place too, with its prediction; `changed` files in place of its own. */
  duplicate(place: Omit<Place, 'index'>, changed?: Partial<Record<Leaf, Uint8Array>>): void;
  /** The finished entry of the manifest. */
  report(rule: string, leaf: Leaf, how: string, also?: string[]): PlantedFault;
}

export function createGround(job: Job): Ground {
  const { plan, dir } = job;
  const tally = emptyTally();
  const spares: Record<Source, number> = { 'COVID-19': 0, 'Non-COVID': 0, Normal: 0 };
  const ofSource = (source: Source) => plan.cells.filter((cell) => cell.source === source);

  const victimAt = (place: Place): Victim => {
    const sample = sampleAt(plan, place);
    const files = encodeSample(plan, sample);
    const fileOf = (at: Omit<Place, 'index'>, leaf: Leaf) => path.join(dir, pathOf(at, leaf));
    return {
      place,
      sample,
      files,
      replace: (leaf, bytes) => writeFileSync(fileOf(place, leaf), bytes),
      remove: (leaf) => rmSync(fileOf(place, leaf)),
      copyTo(at, leaves) {
        for (const leaf of leaves) writeFileSync(fileOf(at, leaf), files[leaf]);
      },
      duplicate(at, changed = {}) {
        for (const leaf of Object.keys(files) as Leaf[]) writeFileSync(fileOf(at, leaf), changed[leaf] ?? files[leaf]);
        const prediction = predictionAt(job, place, sample);
        if (prediction) addTally(tally, writePrediction(job, at, prediction));
      },
      report: (rule, leaf, how, also = []) => ({
        rule,
        image: idOf(place),
        path: pathOf(place, leaf),
        relatedPath: '',
        how,
        also,
      }),
    };
  };

  return {
    random: createRandom('faults', plan.seed),
    size: plan.size,
    splitsOf: (source) => ofSource(source).map(({ split }) => split),
    victimAt,
    tally,
    spareName(source) {
      const number = ofSource(source).reduce((sum, { count }) => sum + count, 0) + ++spares[source];
      return { 'COVID-19': `covid_${number}`, 'Non-COVID': `non_COVID (${number})`, Normal: `Normal (${number})` }[
        source
      ];
    },
  };
}
