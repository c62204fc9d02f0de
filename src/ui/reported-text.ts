import type { GroupName } from '../pipeline/conventions/count-table.js';
import type { PairVerdict, Possibility } from '../pipeline/conventions/possibility.js';
import type { Reported } from '../pipeline/conventions/reported.js';
import type { CommonWay, Match } from '../pipeline/conventions/reproduce.js';
import type { Way } from '../pipeline/conventions/ways.js';
import type { ConventionsResult } from '../pipeline/run-conventions.js';
import { count, counted, score } from '../pipeline/words/figures.js';
import { visible } from '../pipeline/words/visible-text.js';
import type { Colours } from './colours.js';
import { wrap } from './display-width.js';
import { type Column, textTable } from './text-table.js';

interface Look {
  columns: number;
  colours: Colours;
}

/** Matches that are listed; a figure such as 1.0 may have hundreds. */
const MOST_MATCHES = 8;

/** For each reported figure, what gives it, or what comes nearest and whether it could be at all. */
export function reportedText(result: ConventionsResult, look: Look): string[] {
  if (result.reported.length === 0) return [];
  return [
    'Reported',
    ...result.reported.flatMap((of, i) => [...(i === 0 ? [] : ['']), ...figureText(of, result.counts, look)]),
    ...result.pairs.flatMap((pair) => ['', ...wrap(pairWords(pair), look.columns)]),
    ...(result.reported.length > 1 ? ['', ...togetherText(result.together, look)] : []),
  ];
}

type Answer = ConventionsResult['reported'][number];

function figureText(
  { reported, matches, nearest, tried, possibility }: Answer,
  counts: ConventionsResult['counts'],
  { columns, colours }: Look,
): string[] {
  const about = `${visible(reported.text)} (${bounds(reported)})`;
  const isGiven = matches.length > 0;
  // That an image is right pixel for pixel says nothing where it is one pixel.
  const could = counts === 'pixels' ? possibility : { ...possibility, flawless: null };
  return [
    ...(isGiven
      ? [...wrap(`${about}: reproduced`, columns), ...matchTable(matches, columns)]
      : [
          ...wrap(`${about}: not reproduced by any of ${counted(tried, 'way')} to make it of this run`, columns).map(
            colours.error,
          ),
          ...(nearest.length === 0 ? [] : ['Nearest:', ...matchTable(nearest.map(onlyMatch), columns)]),
        ]),
    ...possibilityWords(reported, could, isGiven).flatMap((text) => wrap(text, columns)),
  ];
}

function onlyMatch({ batch, value, ...kind }: Way): Match {
  return { ...kind, batches: batch === null ? null : [batch], lowest: value, highest: value };
}

function matchTable(matches: readonly Match[], columns: number): string[] {
  const [, ...rows] = textTable(MATCH_COLUMNS, matches.slice(0, MOST_MATCHES), columns - 2);
  return [...rows.map(indented), ...moreLine(matches.length)];
}

function moreLine(found: number): string[] {
  return found <= MOST_MATCHES ? [] : [`  ${count(found - MOST_MATCHES)} more: --format json has them all`];
}

const indented = (line: string): string => `  ${line}`;

/** The values that round to a figure, with a digit more than it has. */
function bounds({ value, low, high }: Reported): string {
  const unit = 2 * Math.max(high - value, value - low);
  const digits = Math.max(4, Math.round(-Math.log10(unit)) + 1);
  return `${low.toFixed(digits)} to ${high.toFixed(digits)} round to it`;
}

const MATCH_COLUMNS: readonly Column<Match>[] = [
  { header: 'convention', align: 'start', expendable: 0, cell: ({ convention }) => convention },
  {
    header: 'of',
    align: 'start',
    expendable: 0,
    cell: (match) => groupWords(match) + (match.background === null ? '' : backgroundWords(match.background)),
  },
  {
    header: 'value',
    align: 'start',
    expendable: 0,
    cell: ({ lowest, highest }) =>
      score(lowest) === score(highest) ? score(lowest) : `${score(lowest)}-${score(highest)}`,
  },
  { header: 'batches', align: 'start', expendable: 0, cell: ({ batches, images }) => batchWords(batches, images) },
];

function backgroundWords(included: boolean): string {
  return included ? ', with background' : ', no background';
}

function groupWords({ split, source, images }: GroupName & { images: number }): string {
  const name = (of: string) => visible(of === '' ? '(none)' : of);
  const parts = [split !== null && `split ${name(split)}`, source !== null && name(source)].filter(
    (part) => part !== false,
  );
  return `${parts.length === 0 ? 'all' : parts.join(', ')} (${count(images)})`;
}

/** `batches of 1-4, 8 or 200 and more`; a batch of all the images is one of any larger size too. */
function batchWords(batches: readonly number[] | null, images: number): string {
  if (batches === null) return '';
  const ranges: [from: number, to: number][] = [];
  for (const size of batches) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === size - 1) last[1] = size;
    else ranges.push([size, size]);
  }
  const shown = ranges.map(([from, to]) =>
    to === images ? `${count(from)} and more` : from === to ? count(from) : `${count(from)}-${count(to)}`,
  );
  const some = shown.length > MOST_RANGES ? [...shown.slice(0, MOST_RANGES), '...'] : shown;
  return `in batches of ${some.join(', ')}`;
}

const MOST_RANGES = 4;

/** What no choice of images could give, and what 1 would take. */
function possibilityWords(
  reported: Reported,
  { reach, impossibleBy, flawless }: Possibility,
  isGiven: boolean,
): string[] {
  const words: string[] = [];
  if (impossibleBy.length > 0 && (!isGiven || reported.high === 1)) {
    const ends = impossibleBy.map((name) => `${name} (${score(reach[name]![0])} to ${score(reach[name]![1])})`);
    words.push(`Impossible on any choice of these images, whose single scores are in brackets: ${ends.join(', ')}.`);
  }
  if (reported.high === 1 && flawless !== null && flawless.wrong > 0) {
    const { empty, exact, images, wrong } = flawless;
    words.push(
      `Exactly 1 takes images without a wrong pixel of the class. ${count(wrong)} of ${count(images)} have one; ${count(empty)} have the class in ` +
        `neither mask, which is 1 by the smoothed conventions alone: over those images, or in batches of them, it is 1 and nothing was found; ` +
        `${counted(exact, 'image')} ${exact === 1 ? 'is' : 'are'} right pixel for pixel.`,
    );
  }
  return words;
}

function pairWords({ iou, dice, pooledDice: [low, high], kind }: PairVerdict): string {
  const both = `${visible(iou.text)} and ${visible(dice.text)}`;
  const forced = score(low) === score(high) ? score(low) : `${score(low)} to ${score(high)}`;
  if (kind === 'pooled')
    return `${both} go together: pooled counts of that IoU have a Dice of ${forced}, 2 IoU / (1 + IoU).`;
  if (kind === 'averaged') {
    return (
      `${both} are not of the same pooled counts, which would have a Dice of ${forced}, 2 IoU / (1 + IoU): as means over images, batches or classes ` +
      'they can be, since a mean of Dice is below that.'
    );
  }
  return (
    `${both} contradict each other: Dice is between IoU and 2 IoU / (1 + IoU), here ${forced}, whether pooled or averaged. They are not of the same ` +
    'predictions, images and convention.'
  );
}

function togetherText(ways: readonly CommonWay[], { columns, colours }: Look): string[] {
  if (ways.length === 0) {
    return wrap(
      'No one way gives all of them: a convention, the images and the batch size that they would have in common.',
      columns,
    ).map(colours.error);
  }
  const lines = ways
    .slice(0, MOST_MATCHES)
    .map((way) => [way.convention, groupWords(way), batchWords(way.batches, way.images)].filter((part) => part !== ''));
  return [
    'All of them together:',
    ...lines.flatMap((parts) => wrap(parts.join('  '), columns - 2).map(indented)),
    ...moreLine(ways.length),
  ];
}
