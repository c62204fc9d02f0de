import path from 'node:path';
import { selectRules } from './checks/select.js';
import { UsageError } from './errors.js';
import { startJudging } from './judging.js';
import { startReportTally } from './report/figures.js';
import type { ReportInput } from './report/input.js';
import { writeReport } from './report/report.js';
import { writeTrainingReport } from './report/training/report.js';
import type { ReportRequest } from './requests.js';
import { readManifest, runFacts } from './sinks/manifest.js';
import { NO_TABLES } from './sinks/run-tables.js';
import { openScored, putBeside } from './told/run-beside.js';
import { toldImageByImage } from './told/told.js';
import { openRun } from './viewing/run.js';
import { openTrainingRun } from './viewing/training-run.js';

/**
 * The recipe of `report`: a run's journal, judged once more, to its page; of a training what it wrote at its end. @returns the file's path.
 * @throws UsageError where the folder is no run's, WorkError where the page can't be written
 */
export async function runReport({ run: folder, out, beside }: ReportRequest): Promise<string> {
  const training = beside === null ? openTrainingRun(folder) : null;
  if (training !== null) return writeTrainingReport(training, folder, path.resolve(out ?? folder));
  const { header, finished, records } = beside === null ? openRun(folder) : openScored(folder);
  const report = startReportTally(header.dataset);
  const rules = selectRules(header.rules, []);
  const judge = startJudging({ ...header, rules, tables: NO_TABLES, report, onFinding() {} });
  let done = 0;
  for (const record of records()) {
    judge.take(record);
    done++;
  }
  const complete = finished && header.shard === null && done === header.images;
  const { summary } = judge.finish(complete, records);
  const { command, root, model, predictions } = header;
  const facts =
    readManifest(folder) ??
    runFacts(new Date(), {
      command,
      argv: [],
      inputs: { dataset: root, model, predictions },
      options: {},
      engine: null,
      images: { selected: header.images, done, resumed: 0 },
      interrupted: !finished,
    });
  const input: ReportInput = { header, summary, figures: report.figures, facts };
  if (beside !== null) {
    const told = toldImageByImage(summary);
    if (told === null) throw new UsageError(`no image of ${folder} is scored: there is nothing to put beside`);
    const here = { folder, dataset: header.dataset, records: records() };
    input.beside = { name: path.relative(path.dirname(folder), beside), of: putBeside(here, beside, told) };
  }
  return writeReport(input, path.resolve(out ?? folder), { folder });
}
