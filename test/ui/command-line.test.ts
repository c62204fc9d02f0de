import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandLine, resumeCommand, shellWord } from '../../src/ui/command-line.js';

describe('shellWord', () => {
  const words = [
    'plain-1.png',
    'a b',
    "it's",
    '$HOME `x` "y"',
    '',
    'a\nb',
    '\u001b[31m',
    "back\\slash ' \u0007",
    '肺 (1)',
    '*',
  ];

  it('one line, no control character', () => {
    for (const word of words) expect(shellWord(word)).not.toMatch(/\p{Cc}/u);
  });

  it('is read back by bash as it was', () => {
    for (const word of [...words, '\u009b', '\u202e', '\u{e0041}']) {
      const back = execFileSync('bash', ['-c', `printf %s ${shellWord(word)}`], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      expect(back).toBe(word);
    }
  });

  it('quotes no more than it must', () => {
    expect(commandLine(['maskaudit', 'export', 'runs/audit-1', '--class', 'covid'])).toBe(
      'maskaudit export runs/audit-1 --class covid',
    );
  });
});

describe('resumeCommand', () => {
  it.each([
    [['audit', 'data', '--class', 'covid'], 'maskaudit audit data --class covid --out runs/1 --resume'],
    [['data'], 'maskaudit audit data --out runs/1 --resume'],
    [['audit', 'data', '--out', 'x'], 'maskaudit audit data --out x --resume'],
    [['audit', 'data', '--out=x', '--resume'], 'maskaudit audit data --out=x --resume'],
    [['audit'], 'maskaudit audit --out runs/1 --resume'],
  ])('%j', (argv, command) => {
    expect(resumeCommand('audit', argv, 'runs/1')).toBe(command);
  });
});
