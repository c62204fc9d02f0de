import { isImageLevel } from '../pipeline/dataset/image-level.js';
import type { MergeRequest, RunResult } from '../pipeline/requests.js';
import type { ResultFacts } from '../ui/reporter.js';

/** What the closing text says beside the run's figures; summary.json is added by who prints it. */
export async function resultFacts(
  { folder, summary }: RunResult,
  { csv, argv }: Pick<MergeRequest, 'csv' | 'argv'>,
  cwd: string,
): Promise<Omit<ResultFacts, 'summaryJson'>> {
  const { readJournal } = await import('../pipeline/sinks/journal.js');
  // The journal knows what the run was about also where a merge made it and no dataset was opened.
  const { command, root, model, predictions, shard, dataset, classes } = readJournal(folder).header;
  const { maskEncoding, thresholds } = dataset;
  const foreground = summary.classes.filter(({ index }) => index > 0).map(({ key }) => key);
  return {
    request: { command, root, model, predictions, shard, csv, argv, config: { maskEncoding, thresholds } },
    classes: foreground.every((key) => classes.includes(key)) ? null : classes,
    titles: await ruleTitles(isImageLevel(dataset)),
    cwd,
  };
}

/** What each rule finds, one line, by code: of pixels, or of images as a whole. */
export async function ruleTitles(ofImages = false): Promise<Record<string, string>> {
  const { titlesOf } = await import('../pipeline/checks/explain.js');
  return titlesOf(ofImages);
}
