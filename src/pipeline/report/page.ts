import { basename } from 'node:path';
import { count, counted } from '../words/figures.js';
import { balanceSection } from './balance.js';
import { caseSection, type ShownCase } from './cases.js';
import { classifierSection } from './classifier.js';
import { findingSection } from './findings.js';
import { groupSection } from './groups.js';
import { type Html, html } from './html.js';
import { hybridSection } from './hybrid.js';
import { imageCaseSection } from './image-cases.js';
import { hasScores, type ReportInput } from './input.js';
import { layoutWords, originSection } from './origin.js';
import { outcomeSection } from './outcomes.js';
import type { Plots } from './plot.js';
import { probeSection } from './probe.js';
import { scoreSection } from './scores.js';
import { pageShell } from './shell.js';
import { toldSection } from './told.js';
import { verdictSection } from './verdicts.js';
import { weightSection } from './weights.js';

/** The worst cases as they are shown, and what could not be. */
export interface Gallery {
  cases: readonly ShownCase[];
  notes: readonly string[];
}

/** The whole page: a function of its input, the same bytes for the same run. */
export function reportPage(input: ReportInput, plots: Plots, gallery: Gallery): string {
  const { header, summary, facts } = input;
  const scores = hasScores(input);
  const ofImages = summary.unit === 'image';
  const cases = ofImages ? imageCaseSection : caseSection;
  const name = basename(header.root) || header.root;
  const parts: [id: string, title: string, section: Html | null][] = [
    ['verdict', 'Verdict', verdictSection(input)],
    ['scores', 'Scores', scores ? (ofImages ? classifierSection(input, plots) : scoreSection(input)) : null],
    ['outcomes', 'Outcomes', scores ? outcomeSection(input, plots) : null],
    ['probe', 'Does it look at the lungs?', probeSection(input, plots)],
    ['told', 'Told image by image', toldSection(input)],
    ['hybrid', 'Gate and segmenter', scores ? hybridSection(input, plots) : null],
    ['cases', 'Worst cases', scores ? cases(input, gallery.cases, gallery.notes) : null],
    ['balance', 'Class balance', balanceSection(input, plots)],
    ['groups', 'Splits and sources', groupSection(input, plots)],
    ['weights', 'Class weights', weightSection(input, plots)],
    ['findings', 'Findings', findingSection(input.figures.rules, new Set(header.rules).size)],
    ['origin', 'What was audited', originSection(input)],
  ];
  return pageShell({
    title: `${name}: maskaudit ${header.command}`,
    name,
    about: html`maskaudit ${header.command} of ${counted(summary.images, 'image')}${scores && `, ${count(summary.scored)} scored`},
${facts.startedAt.slice(0, 10)}<br>
${layoutWords(input)}; ${madeWith(input)}`,
    sections: parts,
    foot: html`Made by maskaudit ${facts.version} from the run’s journal. Every figure is in summary.json, images.csv, findings.csv or the
class tables beside this page, with full precision.`,
    version: facts.version,
  });
}

/** What predicted, in few words; the last section says all of it. */
function madeWith({ header, facts }: ReportInput): string {
  const { engine } = facts;
  if (header.model !== null) {
    const work = engine ? `, ${engine.engine} ${engine.version} on ${engine.device}` : '';
    return `model ${basename(header.model)}${work}`;
  }
  return header.predictions === null ? 'annotations alone' : `label masks in ${basename(header.predictions)}`;
}
