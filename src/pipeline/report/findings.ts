import { type PageBlock, pageBlocks } from '../checks/explain.js';
import { RULE_PAGES, RULES } from '../checks/registry.js';
import type { Finding, Severity } from '../record.js';
import { count, counted, factor } from '../words/figures.js';
import type { ReportFigures, RuleFigures } from './figures.js';
import { type Child, type Html, html } from './html.js';
import { figure, table } from './table.js';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** A sign beside the word, since colour alone tells nothing to some. */
const SIGNS: Record<Severity, string> = { error: '✖', warning: '▲', info: 'ℹ' };

/**
 * What was found, rule by rule, the gravest first, with what each rule means and the first files.
 * @param looked how many rules were asked
 */
export function findingSection(found: ReportFigures['rules'], looked: number): Html {
  const rules = [...found.values()].sort(
    (a, b) => gravity(a) - gravity(b) || total(b) - total(a) || (a.rule < b.rule ? -1 : 1),
  );
  const checked = `${counted(looked, 'rule')} looked`;
  return html`<section id="findings" aria-labelledby="findings-head">
<h2 id="findings-head">Findings</h2>
${rules.length === 0 && html`<p>${checked}, and none of them found anything.</p>`}
${
  rules.length > 0 &&
  html`<p>${checked}; ${counted(rules.length, 'rule')} found something. All findings are in
<code>findings.csv</code>.</p>
${table('Findings by rule', SUMMARY_COLUMNS, rules)}
${rules.map(ruleArticle)}`
}
</section>`;
}

function gravity({ counts }: RuleFigures): number {
  return SEVERITIES.findIndex((severity) => counts[severity] > 0);
}

function total({ counts }: RuleFigures): number {
  return counts.error + counts.warning + counts.info;
}

const SUMMARY_COLUMNS = [
  { head: 'Rule', cell: ({ rule }: RuleFigures) => html`<a href="${`#${rule}`}">${rule}</a>` },
  { head: 'Severity', kind: 'words' as const, cell: (of: RuleFigures) => severities(of) },
  { head: 'Findings', cell: (of: RuleFigures) => count(total(of)) },
  {
    head: 'What it finds',
    kind: 'sentences' as const,
    cell: ({ rule }: RuleFigures) => RULE_PAGES.get(rule)?.title ?? '',
  },
];

function severities({ counts }: RuleFigures): Child {
  return SEVERITIES.filter((severity) => counts[severity] > 0).map(
    (severity) => html`<span class="${`badge ${severity}`}">${SIGNS[severity]} ${severity}</span> `,
  );
}

function ruleArticle(of: RuleFigures): Html {
  const { rule, first } = of;
  const page = RULE_PAGES.get(rule);
  const more = total(of) - first.length;
  return html`<article id="${rule}" class="rule">
<h3>${rule} <span class="title">${page?.title ?? ''}</span></h3>
<p>${severities(of)} ${counted(total(of), 'finding')}</p>
${table(`First findings of ${rule}`, FILE_COLUMNS, first)}
${more > 0 && html`<p class="note">and ${count(more)} more in findings.csv</p>`}
${
  page &&
  html`<details><summary>What ${rule} means and how to mend it</summary>
<h4>What it compares</h4>${blocks(page.what)}
<h4>Why it matters</h4>${blocks(page.why)}
<h4>How to mend it</h4>${blocks(page.fix)}
</details>`
}
</article>`;
}

const FILE_COLUMNS = [
  { head: 'Image or file', cell: (finding: Finding) => where(finding.image || finding.path || wholeOf(finding)) },
  { head: 'Class', kind: 'words' as const, cell: (finding: Finding) => finding.class },
  { head: 'Value', cell: ({ value }: Finding) => figure(value, factor, 'the rule compares no figure') },
  {
    head: 'Message',
    kind: 'sentences' as const,
    cell: ({ message, relatedPath }: Finding) =>
      html`${message}${relatedPath !== '' && html`<br>the other: ${where(relatedPath)}`}`,
  },
];

/** A training is judged by its splits, a dataset as a whole. */
function wholeOf({ rule, split }: Finding): string {
  return RULES.some(({ code, scope }) => code === rule && scope === 'training')
    ? split === 'val'
      ? 'validation'
      : 'training'
    : 'the whole set';
}

function where(path: string): Html {
  return html`<span class="path">${path}</span>`;
}

function blocks(section: string): Html[] {
  return pageBlocks(section).map(block);
}

function block({ kind, text }: PageBlock): Html {
  if (kind === 'text') return html`<p>${words(text)}</p>`;
  return html`<pre><code>${kind === 'command' ? `$ ${text}` : text}</code></pre>`;
}

/** Running text of a rule's page: what stands in backquotes is code. */
function words(text: string): Child {
  return text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
}
