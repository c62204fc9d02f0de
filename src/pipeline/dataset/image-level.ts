import { resolveClasses } from './classes.js';
import type { ClassSpec, DatasetSpec, Sample } from './dataset.js';

/** The classes of COVID-QU-Ex's images: one a source. Class 0 is what is none of the others, as background is among pixels. */
const COVID_QU_EX_IMAGES: readonly ClassSpec[] = [
  { index: 0, key: 'healthy', name: 'Healthy', aliases: ['normal'] },
  { index: 1, key: 'covid', name: 'COVID-19', aliases: ['covid19'] },
  { index: 2, key: 'non-covid', name: 'Non-COVID', aliases: ['noncovid', 'non-covid infection'] },
];
const SOURCES = ['Normal', 'COVID-19', 'Non-COVID'];
const NONE: ClassSpec = { index: 0, key: 'none', name: 'None', aliases: ['negative', 'healthy', 'normal'] };

/** Whether images as a whole have the classes of a dataset, as a classifier sees them, and not their pixels. */
export function isImageLevel(dataset: Pick<DatasetSpec, 'maskClasses'>): boolean {
  return dataset.maskClasses !== undefined;
}

/**
 * A dataset as a classifier sees it: covid-qu-ex by the folders of its sources, `masks` by which classes a mask has.
 * @param named masks: the classes that an image may be of, as the user wrote them; null: each but background
 * @throws UsageError for a class that is not there
 */
export function imageLevel(dataset: DatasetSpec, named: readonly string[] | null): DatasetSpec {
  const { classes: maskClasses, layout } = dataset;
  if (layout === 'covid-qu-ex') return { ...dataset, classes: COVID_QU_EX_IMAGES, maskClasses };
  const told = resolveClasses(named, maskClasses).filter(({ index }) => index > 0);
  const classes = [NONE, ...told].map((spec, index) => ({ ...spec, index }));
  return { ...dataset, classes, maskClasses };
}

/**
 * The class of an image in an image-level dataset; null where it can't be told. Of several classes in a mask it is the one with
 * the most pixels, the first of equals.
 * @param counts pixels of each class of the masks, length `maskClasses`; null where there is no annotation that can be read
 */
export function imageLabel(
  dataset: DatasetSpec,
  { source }: Pick<Sample, 'source'>,
  counts: readonly number[] | null,
): number | null {
  if (dataset.layout === 'covid-qu-ex') {
    const label = SOURCES.indexOf(source);
    return label < 0 ? null : label;
  }
  return counts === null ? null : (labelsInMask(dataset, counts)[0] ?? 0);
}

/** The classes of images that a mask has, class 0 not among them: that with the most pixels first, of equals the lower index. */
export function labelsInMask({ classes, maskClasses = [] }: DatasetSpec, counts: readonly number[]): number[] {
  const pixels = classes.map(({ key }) => counts[maskClasses.find((spec) => spec.key === key)?.index ?? -1] ?? 0);
  const labels = classes.map(({ index }) => index).filter((index) => index > 0 && pixels[index] > 0);
  return labels.sort((a, b) => pixels[b] - pixels[a]);
}
