import { statSync } from 'node:fs';
import { UsageError } from '../errors.js';
import type { DatasetConfig } from '../requests.js';
import type { Discovery } from '../stages/discover.js';
import { didYouMean } from '../words/nearest.js';
import { COVID_QU_EX_CLASSES } from './classes.js';
import { discoverCovidQuEx, findSourceFolders } from './covid-qu-ex.js';
import { type DatasetSpec, DEFAULT_THRESHOLDS, type LayoutName, type Subset } from './dataset.js';
import { folderNames, normaliseSplit } from './folders.js';
import { discoverMasks, findFolderPairs, requireClasses } from './masks.js';

/** A dataset before any of its files is opened. */
export interface OpenedDataset {
  spec: DatasetSpec;
  discovery: Discovery;
}

export interface DatasetChoice {
  /** Absolute path of the dataset folder. */
  root: string;
  layout: 'auto' | LayoutName;
  subset: Subset | null;
  splits: readonly string[] | null;
  config: DatasetConfig;
}

/**
 * Recognises a dataset's layout and reads its names.
 *
 * @param isForeign says of a folder inside, an absolute path, that it is none of the dataset: a run's, or the predictions
 * @throws UsageError for a folder that is not there, holds no image, or lacks a split that was asked for.
 */
export function openDataset(
  { root, layout, subset, splits, config }: DatasetChoice,
  isForeign: (folder: string) => boolean,
): OpenedDataset {
  const folder = statSync(root, { throwIfNoEntry: false });
  if (!folder) throw new UsageError(`no such dataset folder: ${root}`);
  if (!folder.isDirectory()) throw new UsageError(`the dataset is a file, a folder is needed: ${root}`);

  const thresholds = { ...DEFAULT_THRESHOLDS, ...config.thresholds };
  const sources = layout === 'masks' ? [] : findSourceFolders(root, isForeign);
  const pairs = layout === 'covid-qu-ex' || sources.length > 0 ? [] : findFolderPairs(root, config);
  const common = {
    nonCovid: config.nonCovid ?? 'lung',
    maskEncoding: config.maskEncoding ?? 'auto',
    patient: config.patient ?? null,
    thresholds,
  } as const;

  if (sources.length > 0) {
    const found = discoverCovidQuEx(root, sources, subset, common.nonCovid);
    const classes = COVID_QU_EX_CLASSES[found.subset];
    const spec: DatasetSpec = { layout: 'covid-qu-ex', subset: found.subset, classes, ignoreIndex: null, ...common };
    return { spec, discovery: selectSplits(found.discovery, splits, root) };
  }
  if (pairs.length > 0) {
    requireClasses(config);
    const spec: DatasetSpec = {
      layout: 'masks',
      subset: 'infection',
      classes: config.classes ?? [],
      ignoreIndex: config.ignoreIndex ?? null,
      ...common,
    };
    return { spec, discovery: selectSplits(discoverMasks(root, pairs, config, isForeign), splits, root) };
  }
  // The run that asks has its own folder there already, where the dataset is the current folder.
  const seen = folderNames(root, '').filter((name) => name !== 'runs');
  const wanted =
    layout === 'masks'
      ? `${config.images ?? 'images'}/ and ${config.masks ?? 'masks'}/ (masks)`
      : '{Train,Val,Test}/{COVID-19,Non-COVID,Normal}/{images,lung masks,infection masks}' +
        (layout === 'auto' ? ' (covid-qu-ex), or images/ and masks/ (masks)' : '');
  throw new UsageError(
    `no dataset recognised in ${root}: it holds ${seen.length ? `the folders ${seen.slice(0, 8).join(', ')}` : 'no folder'}; ` +
      `looked for ${wanted}`,
  );
}

function selectSplits(discovery: Discovery, wished: readonly string[] | null, root: string): Discovery {
  const there = Object.keys(discovery.splits);
  const chosen = wished === null ? null : new Set(wished.map(normaliseSplit));
  for (const split of chosen ?? []) {
    if (there.includes(split)) continue;
    throw new UsageError(
      `unknown split "${split}": this dataset has ${there.map((name) => name || '(none)').join(', ')}${didYouMean(split, there)}`,
    );
  }
  const kept = <T extends { split: string }>(items: readonly T[]) =>
    items.filter((item) => chosen === null || chosen.has(item.split));
  const groups = kept(discovery.groups);
  const images = groups.reduce((sum, group) => sum + group.images.length, 0);
  if (images === 0)
    throw new UsageError(`no image found in ${root}${chosen ? ` in split ${[...chosen].join(', ')}` : ''}`);
  return {
    ...discovery,
    groups,
    images,
    orphans: kept(discovery.orphans),
    emptyFolders: kept(discovery.emptyFolders),
    splits: Object.fromEntries(
      Object.entries(discovery.splits).filter(([split]) => chosen === null || chosen.has(split)),
    ),
  };
}
