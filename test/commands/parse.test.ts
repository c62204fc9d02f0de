import { describe, expect, it } from 'vitest';
import { audit } from '../../src/commands/audit.js';
import type { Command } from '../../src/commands/command.js';
import { explain } from '../../src/commands/explain.js';
import { merge } from '../../src/commands/merge.js';
import { parse } from '../../src/commands/parse.js';
import { phantom } from '../../src/commands/phantom.js';
import { stats } from '../../src/commands/stats.js';
import { UsageError } from '../../src/pipeline/errors.js';

const parsed = (command: Command, ...argv: string[]) => parse(command, argv);

describe('parse', () => {
  it.each([
    [['--class', 'covid', 'DATA'], { class: ['covid'] }, ['DATA']],
    [['DATA', '--class=covid,lung', '--class', '3'], { class: ['covid,lung', '3'] }, ['DATA']],
    [['--seed', '-1'], { seed: ['-1'] }, []],
    [['007'], {}, ['007']],
    [['--limit', '1e3', '1e3'], { limit: ['1e3'] }, ['1e3']],
    [['--no-ui', '--quiet', 'DATA'], { ui: ['false'], quiet: ['true'] }, ['DATA']],
    [['--ui'], { ui: ['true'] }, []],
    [['--card', 'a.b=1', '--card', 'size=true'], { card: ['a.b=1', 'size=true'] }, []],
    [['--', '--class'], {}, ['--class']],
    [['--csv=-'], { csv: ['-'] }, []],
    [['--csv=--quiet'], { csv: ['--quiet'] }, []],
    [['--iou-below', '-.5'], { iouBelow: ['-.5'] }, []],
    [['--iou-below', '0.3'], { iouBelow: ['0.3'] }, []],
  ])('audit %j', (argv, flags, words) => {
    expect(parsed(audit, ...argv)).toEqual({ flags, words });
  });
  it('takes several runs for merge', () => {
    expect(parsed(merge, 'a', 'b', '--out', 'c', 'd').words).toEqual(['a', 'b', 'd']);
  });
  it.each<[Command, string[], string]>([
    [audit, ['--clas', 'covid'], 'unknown option --clas for audit; did you mean --class?'],
    [audit, ['-x'], 'unknown option -x for audit'],
    [audit, ['--no-class'], 'unknown option --no-class for audit'],
    [audit, ['--iouBelow', '1'], 'unknown option --iouBelow for audit; did you mean --iou-below?'],
    [stats, ['--model', 'x'], 'unknown option --model for stats'],
    [audit, ['--class'], '--class needs a value (NAME)'],
    [audit, ['--class', '--quiet'], '--class needs a value (NAME)'],
    [audit, ['--seed', '1', '--seed', '2'], '--seed was given twice, 1 and 2; give it once'],
    [audit, ['--csv='], '--csv needs a value (FILE)'],
    [audit, ['--quiet=yes'], '--quiet takes no value'],
    [audit, ['--ui', '--no-ui'], '--ui and --no-ui exclude each other'],
    [audit, ['a', 'b'], 'audit takes one dataset, but there is "b" too'],
    [explain, ['L003', 'L004'], 'explain takes one rule, but there is "L004" too'],
    [merge, [], 'merge needs <runs>, the run folders of the shards'],
    [phantom, [], 'phantom needs <dir>, the folder to make: new or empty'],
    [audit, [''], 'an empty dataset names nothing'],
  ])('refuses a wrong call (%#)', (command, argv, message) => {
    expect(() => parsed(command, ...argv)).toThrow(UsageError);
    expect(() => parsed(command, ...argv)).toThrow(message);
  });
});
