import { basename } from 'node:path';
import { count, counted } from '../words/figures.js';
import { balanceSection } from './balance.js';
import { caseSection, type ShownCase } from './cases.js';
import { findingSection } from './findings.js';
import { groupSection } from './groups.js';
import { type Html, html, trusted } from './html.js';
import { hasScores, type ReportInput } from './input.js';
import { layoutWords, originSection } from './origin.js';
import { outcomeSection } from './outcomes.js';
import type { Plots } from './plot.js';
import { scoreSection } from './scores.js';
import { STYLE } from './style.js';
import { textures } from './textures.js';
import { verdictSection } from './verdicts.js';
import { weightSection } from './weights.js';

/** The worst cases as they are shown, and what could not be. */
export interface Gallery {
  cases: readonly ShownCase[];
  notes: readonly string[];
}

/** No script, no network, no form: the page is read, and nothing that a file name holds can run. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The whole page: a function of its input, the same bytes for the same run. */
export function reportPage(input: ReportInput, plots: Plots, gallery: Gallery): string {
  const { header, summary, facts } = input;
  const scores = hasScores(input);
  const name = basename(header.root) || header.root;
  const parts: [id: string, title: string, section: Html | null][] = [
    ['verdict', 'Verdict', verdictSection(input)],
    ['scores', 'Scores', scores ? scoreSection(input) : null],
    ['outcomes', 'Outcomes', scores ? outcomeSection(input, plots) : null],
    ['cases', 'Worst cases', scores ? caseSection(input, gallery.cases, gallery.notes) : null],
    ['balance', 'Class balance', balanceSection(input, plots)],
    ['groups', 'Splits and sources', groupSection(input, plots)],
    ['weights', 'Class weights', weightSection(input, plots)],
    ['findings', 'Findings', findingSection(input)],
    ['origin', 'What was audited', originSection(input)],
  ];
  const shown = parts.filter(([, , section]) => section !== null);
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${`maskaudit ${facts.version}`}">
<title>${name}: maskaudit ${header.command}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${textures()}
<header>
<h1>${name}</h1>
<p>maskaudit ${header.command} of ${counted(summary.images, 'image')}${scores && `, ${count(summary.scored)} scored`},
${facts.startedAt.slice(0, 10)}<br>
${layoutWords(input)}; ${madeWith(input)}</p>
</header>
<nav aria-label="Sections"><ul>${shown.map(([id, title]) => html`<li><a href="${`#${id}`}">${title}</a></li>`)}</ul></nav>
<main>
${shown.map(([, , section]) => section)}
</main>
<footer><p>Made by maskaudit ${facts.version} from the run’s journal. Every figure is in summary.json, images.csv, findings.csv or the
class tables beside this page, with full precision.</p></footer>
</body>
</html>
`;
  return `<!doctype html>\n${page.markup}`;
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
