import type { RulePage } from '../pipeline/checks/rule.js';
import { type Command, EXIT } from './command.js';
import { OPTIONS, pick } from './options.js';
import { writer } from './output.js';

/** Columns of text that is easy to read, on a terminal and elsewhere. */
const WIDEST = 100;
const PLAIN = 80;

const options = {
  format: {
    ...OPTIONS.format,
    describe: 'text, a JSON object (several rules: an array), or a line of JSON for each rule',
  },
  ...pick(OPTIONS, ['debug']),
};

/** `maskaudit explain [rule]`. */
export const explain: Command<typeof options> = {
  name: 'explain',
  group: 'Learn and try',
  summary: 'what a rule means, why it matters, how to fix it',
  positional: {
    name: 'rule',
    required: false,
    many: false,
    describe: 'a code (L003) or the beginning of several (L); none lists them all',
  },
  options,
  configured: false,
  examples: [
    ['', 'every rule, a line each'],
    ['L003', 'the page of one'],
  ],
  async run({ io: { stdout }, words: [word], options: { format } }) {
    const { explainRules, listRules } = await import('../pipeline/checks/explain.js');
    const { RULE_PAGES } = await import('../pipeline/checks/registry.js');
    const { rulesOf } = await import('../pipeline/checks/select.js');
    const columns = stdout.isTTY && stdout.columns ? Math.min(stdout.columns, WIDEST) : PLAIN;
    const pages = rulesOf(word ?? 'ALL').map((code) => pageOf(RULE_PAGES.get(code) as RulePage));
    const text = {
      text: () => (word === undefined ? listRules(columns) : explainRules(word, columns)),
      json: () => JSON.stringify(pages.length === 1 ? pages[0] : pages, null, 2),
      ndjson: () => pages.map((page) => JSON.stringify(page)).join('\n'),
    };
    await writer(stdout)(`${text[format]()}\n`);
    return EXIT.done;
  },
};

/** The part of a rule that is a page, without its functions. */
function pageOf({ code, title, severity, what, why, fix }: RulePage): RulePage {
  return { code, title, severity, what, why, fix };
}
