import { describe, expect, it } from 'vitest';
import { idleActions } from '../../../src/ui/screen/idle-actions.js';
import { type Facts, reduceKey, settled, shownLayer } from '../../../src/ui/screen/reduce-key.js';
import type { Selection } from '../../../src/ui/screen/selection.js';
import { startView, type ViewState } from '../../../src/ui/screen/view-state.js';

const rowsAre = (rows: readonly number[]): Selection => ({
  size: rows.length,
  at: (place) => rows[place],
  placeOf: (row) => rows.indexOf(row),
});

/** 100 images; findings about the images 7, 7, none, and 9. */
const facts = (given: Partial<Facts> = {}): Facts => ({
  running: false,
  selections: { images: rowsAre(Array.from({ length: 100 }, (_, i) => i)), findings: rowsAre([0, 1, 2, 3]) },
  rows: { images: 11, findings: 5, text: 10 },
  imageOfFinding: (row) => [7, 7, null, 9][row],
  ruleOfFinding: (row) => ['P001', 'P003', 'B002', 'P002'][row],
  rulesOfImage: (row) => (row === 7 ? ['P001', 'P003'] : []),
  classes: 2,
  choices: () => [
    { by: 'focus', name: 'class', choices: ['lung', 'covid'] },
    { by: 'split', name: 'split', choices: ['test', 'train'] },
  ],
  textScroll: 15,
  textBelow: true,
  scores: true,
  wide: true,
  ofImages: false,
  ...given,
});

const press = (keys: readonly string[], given: Partial<Facts> = {}, from: ViewState = startView(0)) =>
  keys.reduce((view, key) => reduceKey(view, key, facts(given)).view, from);

describe('lists', () => {
  it.each([
    [['down', 'j', 'k'], 1],
    [['up'], 0],
    [['pagedown'], 10],
    [['pagedown', 'space', 'pageup'], 10],
    [['end'], 99],
    [['G', 'g'], 0],
    [['end', 'down'], 99],
  ] as const)('%j leads to place %i', (keys, place) => {
    expect(press(['3', ...keys]).images.cursor).toBe(place);
  });

  it('do nothing where they are empty', () => {
    const empty = { selections: { images: rowsAre([]), findings: rowsAre([]) } };
    expect(press(['3', 'j', 'G', 'enter', 'y'], empty)).toEqual({ ...startView(0), page: 'images' });
  });

  it('sort by the next column, the most first where people look for the most, from the top', () => {
    const view = press(['3', 'j', 's']);
    expect(view.images).toMatchObject({ sort: 'iou', descending: false, cursor: 0, row: null });
    expect(press(['3', 's', 's']).images).toMatchObject({ sort: 'truth', descending: true });
    expect(press(['3', 's', 'S']).images).toMatchObject({ sort: 'iou', descending: true });
  });

  it('search while the words are typed; enter keeps, esc clears', () => {
    const typing = press(['2', '/', 'q', 'space', 'x', 'backspace']);
    expect(typing).toMatchObject({ prompt: { kind: 'search', text: 'q ' }, findings: { filter: { text: 'q ' } } });
    expect(press(['enter'], {}, typing)).toMatchObject({ prompt: null, findings: { filter: { text: 'q ' } } });
    expect(press(['esc'], {}, typing)).toMatchObject({ prompt: null, findings: { filter: { text: '' } } });
    expect(press(['enter', 'esc'], {}, typing).findings.filter.text).toBe('');
  });

  it('are narrowed by choices that go round', () => {
    const chosen = (keys: readonly string[]) => press(['3', 'f', 'down', ...keys]).images.filter.split;
    expect(chosen(['right'])).toBe('test');
    expect(chosen(['right', 'right', 'right'])).toBeNull();
    expect(chosen(['left'])).toBe('train');
    expect(press(['3', 'f', 'right']).focus).toBe(1);
    expect(press(['3', 'f', 'down', 'right', 'esc', 'x'])).toMatchObject({
      over: [],
      images: { filter: { split: null } },
    });
  });

  it('keep the cursor on its row when others come, else on its place', () => {
    const list = { ...startView(0).images, cursor: 1, row: 5 };
    expect(settled(list, rowsAre([3, 4, 5]), false)).toMatchObject({ cursor: 2, row: 5 });
    expect(settled(list, rowsAre([3]), false)).toMatchObject({ cursor: 0 });
    expect(settled({ ...list, row: null }, rowsAre([1, 2, 3]), true).cursor).toBe(2);
    expect(settled({ ...list, row: null }, rowsAre([]), true).cursor).toBe(0);
  });
});

describe('an image', () => {
  it('is opened from images and findings; a finding about the whole set is explained', () => {
    expect(press(['3', 'j', 'enter']).over).toEqual([{ kind: 'image', from: 'images', row: 1, finding: 0 }]);
    expect(press(['2', 'enter']).over).toEqual([{ kind: 'image', from: 'findings', row: 7, finding: 0 }]);
    expect(press(['2', 'j', 'j', 'enter']).over).toEqual([{ kind: 'explain', rule: 'B002', scroll: 0 }]);
  });

  it('has neighbours in the list that it came from, each image once', () => {
    expect(press(['3', 'enter', 'n', 'n', 'N'])).toMatchObject({ over: [{ row: 1 }], images: { cursor: 1, row: 1 } });
    expect(press(['2', 'enter', 'n'])).toMatchObject({ over: [{ row: 9 }], findings: { cursor: 3 } });
    expect(press(['2', 'enter', 'N']).over).toMatchObject([{ row: 7 }]);
  });

  it('has layers that go away when they are asked for again', () => {
    expect(press(['3', 'enter', 't']).layer).toBe('truth');
    expect(press(['3', 'enter', 't', 't']).layer).toBe('none');
    expect(press(['3', 'enter', 'd', 'p']).layer).toBe('predicted');
    expect(press(['3', 'enter']).layer).toBe('all');
    expect(shownLayer(startView(0), { wide: false, ofImages: false })).toBe('difference');
    expect(press(['3', 'enter', 'd'], { wide: false }).layer).toBe('none');
  });

  it('explains the finding that is chosen, and comes back to the same place', () => {
    const view = press(['2', 'enter', 'down', 'down', 'e']);
    expect(view.over.at(-1)).toEqual({ kind: 'explain', rule: 'P003', scroll: 0 });
    expect(press(['esc', 'esc'], {}, view)).toMatchObject({ over: [], page: 'findings' });
  });
});

describe('everywhere', () => {
  it('help comes and goes, and text scrolls to its last line', () => {
    expect(press(['?']).over).toEqual([{ kind: 'help', scroll: 0 }]);
    expect(press(['?', '?']).over).toEqual([]);
    expect(press(['?', 'end']).over).toEqual([{ kind: 'help', scroll: 15 }]);
    expect(press(['?', 'end', 'pageup']).over).toEqual([{ kind: 'help', scroll: 6 }]);
    expect(press(['j', 'j']).scroll).toBe(2);
    expect(press(['end']).scroll).toBe(15);
    expect(press(['j'], { textScroll: 0 }).scroll).toBe(0);
  });

  it('q quits a run that is done, and asks first where it works', () => {
    expect(reduceKey(startView(0), 'q', facts()).effect).toBe('quit');
    const asked = reduceKey(startView(0), 'q', facts({ running: true }));
    expect(asked).toMatchObject({ effect: null, view: { prompt: { kind: 'quit' } } });
    expect(reduceKey(asked.view, 'q', facts({ running: true })).effect).toBe('quit');
    expect(reduceKey(asked.view, 'j', facts({ running: true }))).toMatchObject({
      effect: null,
      view: { prompt: null },
    });
  });

  it('Ctrl-C interrupts and Ctrl-Z suspends, whatever is typed or asked', () => {
    for (const keys of [[], ['3', '/'], ['?'], ['2', 'f']]) {
      expect(reduceKey(press(keys), 'ctrl-c', facts({ running: true })).effect).toBe('interrupt');
      expect(reduceKey(press(keys), 'ctrl-z', facts())).toEqual({ view: press(keys), effect: 'suspend' });
    }
  });

  it('pages go round, and a key that means nothing changes nothing', () => {
    expect(press(['tab']).page).toBe('findings');
    expect(press(['tab', 'tab', 'tab']).page).toBe('overview');
    expect(press(['shift-tab']).page).toBe('images');
    const view = startView(0);
    expect(reduceKey(view, 'w', facts()).view).toBe(view);
  });
});

describe('the footer', () => {
  const idle = (view: ViewState, given: Partial<Facts> = {}) => [...idleActions(view, facts(given))];

  it('leaves out what would change nothing', () => {
    expect(idle(startView(0))).toEqual([]);
    expect(idle(startView(0), { textBelow: false, classes: 1 })).toEqual(['focus', 'down']);
    expect(idle(press(['3']))).toEqual(['clear']);
    expect(idle(press(['3', '/', 'a', 'enter']))).toEqual([]);
    const empty = { selections: { images: rowsAre([]), findings: rowsAre([]) } };
    expect(idle(press(['2']), empty)).toEqual(['clear', 'open', 'paths', 'explain', 'sort']);
    expect(idle(press(['2', 'f']))).toEqual(['clear']);
  });

  it('names the keys of an image by what there is of it', () => {
    const seventh = press(['2', 'enter']);
    expect(idle(seventh)).toEqual([]);
    expect(idle(seventh, { wide: false })).toEqual(['all']);
    expect(idle(seventh, { scores: false })).toEqual(['all', 'predicted', 'difference']);
    expect(idle(press(['3', 'enter']))).toEqual(['explain']);
  });
});
