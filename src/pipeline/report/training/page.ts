import { basename } from 'node:path';
import { selectRules, trainingRulesFor } from '../../checks/select.js';
import { counted } from '../../words/figures.js';
import { startReportTally } from '../figures.js';
import { findingSection } from '../findings.js';
import { type Html, html } from '../html.js';
import type { Plots } from '../plot.js';
import { pageShell } from '../shell.js';
import { classificationSection } from './classification.js';
import { conventionSection } from './conventions.js';
import { curveSection } from './curves.js';
import { type Prediction, predictionSection } from './gallery.js';
import { settingsOf, type TrainingInput } from './input.js';
import { settingSection } from './settings.js';
import { trainingVerdictSection } from './verdict.js';
import { usedWeightSection } from './weights.js';

/** The whole page of a training: a function of its input, the same bytes for the same run. */
export function trainingPage(
  input: TrainingInput,
  plots: Plots,
  { predictions, notes }: { predictions: readonly Prediction[]; notes: readonly string[] },
): string {
  const { training, facts } = input;
  const root = facts.inputs.dataset as string;
  const name = basename(root) || root;
  const { architecture } = settingsOf(input).network;
  const { engine, version, device } = training.trainer;
  return pageShell({
    title: `${name}: maskaudit train`,
    name,
    about: html`maskaudit train, ${counted(training.epochs.length, 'epoch')}, ${facts.startedAt.slice(0, 10)}<br>
${architecture} on ${engine} (${version}, ${device})`,
    sections: [
      ['verdict', 'Verdict', trainingVerdictSection(input)],
      ['curves', 'Curves', curveSection(input, plots)],
      ...(training.plan.task === 'classification'
        ? ([['classification', 'What it tells', classificationSection(input, plots)]] as const)
        : ([
            ['conventions', 'Scores', conventionSection(input)],
            ['predictions', 'Predictions', predictionSection(input, predictions, notes)],
          ] as const)),
      ['findings', 'Findings', trainingFindings(input)],
      ['weights', 'Class weights', usedWeightSection(input)],
      ['settings', 'Settings', settingSection(input)],
    ],
    foot: html`Made by maskaudit ${facts.version} from training.json and run.json. Every figure is in metrics.csv or training.json beside
this page, with full precision; the audit of the data has a page of its own in <code>audit/</code>.`,
    version: facts.version,
  });
}

function trainingFindings(input: TrainingInput): Html {
  const { dataset, select, ignore } = settingsOf(input);
  const tally = startReportTally({ classes: [] });
  for (const finding of input.training.findings) tally.addFinding(finding);
  const looked = trainingRulesFor(dataset, selectRules(select, ignore));
  return findingSection(tally.figures.rules, looked.length);
}
