import { describe, expect, it } from 'vitest';
import { audit } from '../../src/commands/audit.js';
import { COMMANDS } from '../../src/commands/commands.js';
import { commandHelp, overview } from '../../src/commands/help.js';
import { flagName } from '../../src/commands/options.js';

describe('overview', () => {
  it('names every command once, in 100 columns', () => {
    const lines = overview().split('\n');
    for (const { name } of COMMANDS) expect(lines.filter((line) => line.startsWith(`  ${name} `))).toHaveLength(1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(106);
  });
});

describe('commandHelp', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))('%s lists every option once', (_, command) => {
    const help = commandHelp(command, 100);
    for (const key of Object.keys(command.options)) {
      expect(help.match(new RegExp(`^ {2}--${flagName(key)}(?=[ ,\\n])`, 'gm'))).toHaveLength(1);
    }
  });
  it('groups them in one order', () => {
    const help = commandHelp(audit, 100);
    const headings = ['Selection:', 'Model and predictions:', 'Reading masks:', 'Findings:', 'Output:', 'Running:'];
    const places = headings.map((heading) => help.indexOf(`\n${heading}\n`));
    expect(places[0]).toBeGreaterThan(0);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
  it('says the defaults, and keeps to the width', () => {
    const help = commandHelp(audit, 80);
    expect(help).toMatch(/--metric-batch N +.*\n?.*\(default: 32\)/);
    const [text] = help.split('Examples:');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
