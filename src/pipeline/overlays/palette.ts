/** A colour as red, green, blue, each 0..255. */
export type Rgb = readonly [number, number, number];

/**
 * Okabe and Ito's palette, told apart with every common colour vision: https://jfly.uni-koeln.de/color/. Screen, report
 * and overlays use the same.
 */
export const OKABE_ITO = {
  black: [0, 0, 0],
  orange: [230, 159, 0],
  skyBlue: [86, 180, 233],
  bluishGreen: [0, 158, 115],
  yellow: [240, 228, 66],
  blue: [0, 114, 178],
  vermillion: [213, 94, 0],
  reddishPurple: [204, 121, 167],
} as const satisfies Record<string, Rgb>;

/**
 * Colours of the classes 1, 2, 3, ... (background, class 0, has none): sky blue for lungs, orange for COVID-19, reddish
 * purple for non-COVID. Later classes repeat them; names and outlines tell them apart.
 */
export const classColours: readonly Rgb[] = [
  OKABE_ITO.skyBlue,
  OKABE_ITO.orange,
  OKABE_ITO.reddishPurple,
  OKABE_ITO.yellow,
  OKABE_ITO.bluishGreen,
  OKABE_ITO.blue,
  OKABE_ITO.vermillion,
];

/** Colour of a class by its index, 1 or more. */
export function classColour(index: number): Rgb {
  return classColours[(index - 1) % classColours.length];
}

/** What became of a pixel of the classes in focus. `wrong class`: another class in focus was predicted in its place. */
export const DIFFERENCES = ['hit', 'missed', 'false alarm', 'wrong class'] as const;
export type Difference = (typeof DIFFERENCES)[number];

export const differenceColours: Readonly<Record<Difference, Rgb>> = {
  hit: OKABE_ITO.bluishGreen,
  missed: OKABE_ITO.vermillion,
  'false alarm': OKABE_ITO.yellow,
  'wrong class': OKABE_ITO.blue,
};

/** `#rrggbb`, as style sheets and terminals' true-colour settings have it. */
export function hex(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
