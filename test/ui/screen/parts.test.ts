import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../src/ui/display-width.js';
import { exactly, styledWidth, unstyled } from '../../../src/ui/screen/ansi-text.js';
import { type InkKey, keyNames } from '../../../src/ui/screen/key-names.js';
import { helpSections, KEYS, keysAt } from '../../../src/ui/screen/key-table.js';
import { layoutOf } from '../../../src/ui/screen/layout.js';
import { createPainter } from '../../../src/ui/screen/painter.js';
import { shareBar } from '../../../src/ui/screen/parts/bar.js';
import type { ListColumn } from '../../../src/ui/screen/parts/columns.js';
import { heading } from '../../../src/ui/screen/parts/heading.js';
import { keyHelp, keyLine } from '../../../src/ui/screen/parts/key-help.js';
import { drawList, firstSeen } from '../../../src/ui/screen/parts/list.js';
import { scrolled } from '../../../src/ui/screen/parts/scrolled.js';
import { closest16, closest256 } from '../../../src/ui/screen/terminal-colours.js';
import { createTheme } from '../../../src/ui/screen/theme.js';
import { terminalTraits } from '../../../src/ui/terminal-traits.js';
import { FakeTerminal } from './fake-terminal.js';

const plain = createTheme({ colours: 0, unicode: true, styles: false });
const ascii = createTheme({ colours: 0, unicode: false, styles: false });
const rich = createTheme({ colours: 16_777_216, unicode: true, styles: true });

describe('a bar', () => {
  it('draws eighths, and never nothing for something', () => {
    expect(shareBar(0.5, 8, plain)).toBe('████····');
    expect(shareBar(0.53125, 8, plain)).toBe('████▎···');
    expect(shareBar(0.0001, 8, plain)).toBe('▏·······');
    expect(shareBar(0, 8, plain)).toBe('········');
    expect(shareBar(null, 4, plain)).toBe('····');
    expect(shareBar(1, 4, plain)).toBe('████');
    expect(shareBar(0.5, 4, ascii)).toBe('##..');
    expect(shareBar(0.001, 4, ascii)).toBe('#...');
  });
});

describe('a line of exact width', () => {
  it('counts no styles and ends them where it cuts', () => {
    const line = rich.bold('bold') + rich.key(' key');
    expect(styledWidth(line)).toBe(8);
    expect(unstyled(exactly(line, 6))).toBe('bold k');
    expect(exactly(line, 6).endsWith('\u001b[39m')).toBe(true);
    expect(unstyled(exactly(line, 10))).toBe('bold key  ');
  });

  it('never splits a wide character', () => {
    expect(exactly('肺肺肺', 5)).toBe('肺肺 ');
    expect(displayWidth(exactly('肺肺肺', 5))).toBe(5);
  });
});

describe('a heading', () => {
  it.each([12, 20, 40, 80])('takes %i columns', (width) => {
    for (const lit of [true, false]) {
      expect(displayWidth(heading('Scores', 'of 3 images', width, plain, lit))).toBe(width);
    }
  });
});

describe('a list', () => {
  const columns: ListColumn<number>[] = [
    { header: 'name', width: 0, expendable: 0, align: 'start', cuts: 'path', cell: (row) => `folder/image_${row}` },
    { header: 'n', width: 5, expendable: 1, align: 'end', cell: (row) => String(row) },
  ];
  const selection = { size: 34_000, at: (place: number) => place, placeOf: (row: number) => row };

  it('looks at no row but those that are seen', () => {
    const asked: number[] = [];
    const watched = { ...selection, at: (place: number) => asked.push(place) && place };
    const lines = drawList(
      columns,
      { selection: watched, cursor: 20_000, lit: true, empty: '' },
      { width: 40, height: 5 },
      plain,
    );
    expect(asked).toEqual([19_998, 19_999, 20_000, 20_001]);
    expect(lines[3]).toBe('▸ folder/image_20000               20000');
    expect(lines.map(displayWidth)).toEqual([40, 40, 40, 40, 40]);
  });

  it('has its cursor in the middle but at both ends', () => {
    expect([0, 1, 5, 99, 100].map((cursor) => firstSeen(cursor, 101, 4))).toEqual([0, 0, 3, 97, 97]);
    expect(firstSeen(0, 2, 10)).toBe(0);
  });

  it('leaves columns out where it is narrow, and the beginning of a long name', () => {
    const lines = drawList(columns, { selection, cursor: 0, lit: false, empty: '' }, { width: 14, height: 2 }, plain);
    expect(lines).toEqual(['  name        ', '  …der/image_0']);
  });

  it('says so where it is empty', () => {
    const none = { ...selection, size: 0 };
    expect(
      drawList(
        columns,
        { selection: none, cursor: 0, lit: true, empty: 'nothing yet' },
        { width: 30, height: 4 },
        plain,
      )[1],
    ).toBe('  nothing yet');
  });
});

describe('lines that are scrolled', () => {
  const lines = ['a', 'b', 'c', 'd', 'e'];
  it.each([
    [0, 3, ['a', 'b', 'c'], 2],
    [1, 3, ['b', 'c', 'd'], 1],
    [9, 3, ['c', 'd', 'e'], 0],
    [1, 9, lines, 0],
  ] as const)('from %i on, %i of them', (scroll, rows, seen, below) => {
    expect(scrolled(lines, scroll, rows)).toEqual({ seen, below });
  });
});

describe('keys', () => {
  const none = Object.fromEntries(
    [
      'upArrow',
      'downArrow',
      'leftArrow',
      'rightArrow',
      'pageUp',
      'pageDown',
      'home',
      'end',
      'return',
      'escape',
      'tab',
      'shift',
      'backspace',
      'delete',
      'ctrl',
      'meta',
    ].map((name) => [name, false]),
  ) as unknown as InkKey;

  it('have names, each character of typed text its own', () => {
    expect(keyNames('', { ...none, upArrow: true })).toEqual(['up']);
    expect(keyNames('c', { ...none, ctrl: true })).toEqual(['ctrl-c']);
    expect(keyNames('', { ...none, tab: true, shift: true })).toEqual(['shift-tab']);
    expect(keyNames('jj ', none)).toEqual(['j', 'j', 'space']);
    expect(keyNames('', { ...none, escape: true, meta: true })).toEqual(['esc']);
  });

  it('all count where several arrive together, as after a busy moment', () => {
    expect(keyNames('q\u0003', none)).toEqual(['q', 'ctrl-c']);
    expect(keyNames('\t\r\u007f\u001a\u001b', none)).toEqual(['tab', 'enter', 'backspace', 'ctrl-z', 'esc']);
    expect(keyNames('q', { ...none, meta: true })).toEqual(['esc', 'q']);
  });

  it('are no reports of the terminal', () => {
    expect(keyNames('[I', none)).toEqual([]);
    expect(keyNames('[?1;2c', none)).toEqual([]);
    expect(keyNames('[', none)).toEqual(['[']);
  });

  it('mean one thing in one place', () => {
    for (const place of new Set(KEYS.flatMap(({ places }) => places))) {
      const keys = KEYS.filter(({ places }) => places.includes(place)).flatMap((entry) => entry.keys);
      expect(
        keys.filter((key, i) => keys.indexOf(key) !== i),
        place,
      ).toEqual([]);
    }
  });

  it('are all in the help', () => {
    const help = keyHelp(helpSections(), 80, plain).join('\n');
    for (const { does } of KEYS) expect(help.replace(/\s+/g, ' ')).toContain(does);
    expect(keyHelp(helpSections(), 40, plain).every((line) => displayWidth(line) <= 40)).toBe(true);
  });

  it.each([30, 40, 80, 200])('fit the footer of %i columns, help and quit always', (width) => {
    for (const place of ['overview', 'findings', 'images', 'image', 'filter', 'explain', 'help', 'paths'] as const) {
      const line = keyLine(keysAt(place, new Set()), width, plain);
      expect(displayWidth(line), place).toBeLessThanOrEqual(width);
      expect(line).toContain('q quit');
      expect(line).toContain('? help');
    }
  });
});

describe('the layout', () => {
  it.each([
    [29, 24, 'tiny'],
    [80, 7, 'tiny'],
    [40, 10, 'tabs'],
    [80, 24, 'tabs'],
    [120, 40, 'panes'],
    [200, 60, 'panes'],
  ] as const)('of %i x %i is %s', (columns, rows, kind) => {
    const layout = layoutOf(columns, rows, 'findings');
    expect(layout.kind).toBe(kind);
    expect(layout.body.rows + (kind === 'tabs' ? 5 : 4)).toBe(kind === 'tiny' ? 4 : rows);
    if (kind === 'panes') expect(layout.overview + 2 + layout.side).toBe(columns);
  });

  it('shows both lists where they have room, else the one that is looked at', () => {
    const large = layoutOf(200, 60, 'images');
    expect(large.findings + 1 + large.images).toBe(large.body.rows);
    expect(layoutOf(120, 30, 'images')).toMatchObject({ findings: 0, images: 26 });
    expect(layoutOf(120, 30, 'findings')).toMatchObject({ findings: 26, images: 0 });
  });
});

describe('colours', () => {
  it('are as many as the terminal says', () => {
    const tty = { isTTY: true };
    const of = (env: Record<string, string>) =>
      terminalTraits(tty, { TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env });
    expect(of({ COLORTERM: 'truecolor' })).toEqual({ colours: 16_777_216, unicode: true, styles: true });
    expect(of({})).toMatchObject({ colours: 256 });
    expect(of({ TERM: 'xterm' })).toMatchObject({ colours: 16 });
    expect(of({ NO_COLOR: '1' })).toMatchObject({ colours: 0, styles: true });
    expect(of({ LANG: 'C' })).toMatchObject({ unicode: false });
    expect(of({ FORCE_COLOR: '2', COLORTERM: 'truecolor' })).toMatchObject({ colours: 256 });
    expect(terminalTraits({ isTTY: false }, {})).toEqual({ colours: 0, unicode: false, styles: false });
  });

  it('are the nearest of those that there are', () => {
    // The cube's corners and a gray of its own: https://en.wikipedia.org/wiki/ANSI_escape_code#8-bit
    expect(closest256([0, 0, 0])).toBe(16);
    expect(closest256([255, 255, 255])).toBe(231);
    expect(closest256([8, 8, 8])).toBe(232);
    expect(closest256([95, 135, 255])).toBe(69);
    expect(closest16([255, 0, 0])).toBe(9);
    expect(closest16([0, 0, 0])).toBe(0);
  });
});

describe('the painter', () => {
  const painted = (unicode = true) => {
    const terminal = new FakeTerminal(10, 3);
    const output = { write: (text: string) => terminal.write(text), closed: false, close: async () => {} };
    const painter = createPainter(output as never, { unicode });
    painter.enter();
    return { terminal, painter };
  };

  it('writes what has changed and nothing else', () => {
    const { terminal, painter } = painted();
    painter.paint(['aaaaaaaaaa', 'bbbbbbbbbb', ''], 10, 3);
    expect(terminal.lines).toEqual(['aaaaaaaaaa', 'bbbbbbbbbb', '']);
    terminal.rowsWritten = 0;
    painter.paint(['aaaaaaaaaa', 'cccccccccc', ''], 10, 3);
    expect(terminal.rowsWritten).toBe(1);
    painter.paint(['aaaaaaaaaa'], 10, 3);
    expect(terminal.lines).toEqual(['aaaaaaaaaa', '', '']);
  });

  it('erases a row first where terminals differ about the width of its signs', () => {
    const { terminal, painter } = painted();
    terminal.written = '';
    painter.paint(['aaaa─█▊▸…é', '❤️aaaaaaaa'], 10, 3);
    expect(terminal.written).toContain('[1;1Haaaa');
    expect(terminal.written).toContain('[2;1H\u001b[K❤️a');
  });

  it('draws all of it in a window of another size, and when told that it is spoilt', () => {
    const { terminal, painter } = painted();
    painter.paint(['aaaaaaaaaa'], 10, 3);
    terminal.resize(5, 3);
    painter.paint(['aaaaa'], 5, 3);
    expect(terminal.lines).toEqual(['aaaaa', '', '']);
    terminal.clear();
    painter.forget();
    painter.paint(['aaaaa'], 5, 3);
    expect(terminal.lines[0]).toBe('aaaaa');
  });

  it('gives the terminal back once, and is silent until it is taken again', () => {
    const { terminal, painter } = painted();
    expect(terminal).toMatchObject({ alternate: true, cursorShown: false, wraps: false });
    painter.leave();
    expect(terminal).toMatchObject({ alternate: false, cursorShown: true, wraps: true });
    const { length } = terminal.written;
    painter.leave();
    painter.paint(['aaaaaaaaaa'], 10, 3);
    expect(terminal.written).toHaveLength(length);
    terminal.cells[1].fill('x');
    painter.enter();
    expect(terminal).toMatchObject({ alternate: true, cursorShown: false, wraps: false });
    painter.paint(['aaaaaaaaaa'], 10, 3);
    expect(terminal.lines).toEqual(['aaaaaaaaaa', '', '']);
  });

  it('writes ASCII of the same width to a terminal without Unicode', () => {
    const { terminal, painter } = painted(false);
    painter.paint(['…é肺x     '], 10, 3);
    expect(terminal.lines[0]).toBe('~???x');
  });
});
