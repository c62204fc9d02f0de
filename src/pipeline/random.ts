/** The one source of chance in the project: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of it. */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Uniform whole number in [low, high), unbiased to 2^-32; high > low. */
  integer(low: number, high: number): number;
  /** True with the given probability; 0 is never, 1 is always. */
  chance(probability: number): boolean;
  /** Normal with the given mean and standard deviation. */
  normal(mean?: number, deviation?: number): number;
  /** Uniform 32-bit pattern as a signed integer, for inner loops that want bits. */
  bits(): number;
  /** One of the items; items must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** The same array, in uniformly random order (Fisher-Yates). */
  shuffle<T>(items: T[]): T[];
}

/**
 * sfc32 by Chris Doty-Humphrey (PractRand), period 2^32 at the least and about 2^127 on average: four adds, a rotation
 * and two shifts a number, all in 32-bit integers. Any number of seeds (numbers by their text, so 1 and '1' are the
 * same) are hashed into its state.
 */
export function createRandom(...seeds: (number | string)[]): Random {
  const text = seeds.join('\u0000');
  let a = hash(text, 0x9e3779b9);
  let b = hash(text, 0x243f6a88);
  let c = hash(text, 0xb7e15162);
  let counter = 1;
  const bits = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out;
  };
  for (let i = 0; i < 12; i++) bits();

  const uniform = () => (bits() >>> 0) / 4294967296;
  const between = (low: number, high: number) => low + (high - low) * uniform();
  const integer = (low: number, high: number) => low + Math.floor((high - low) * uniform());
  // Box-Muller; the second value of each pair is dropped, so that a draw depends on no earlier one.
  const normal = (mean = 0, deviation = 1) =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const shuffle = <T>(items: T[]): T[] => {
    for (let i = items.length - 1; i > 0; i--) {
      const j = integer(0, i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  };
  return {
    bits,
    uniform,
    between,
    integer,
    normal,
    shuffle,
    chance: (probability) => uniform() < probability,
    pick: (items) => items[integer(0, items.length)],
  };
}

/** 32-bit FNV-1a over UTF-16 units with MurmurHash3's finaliser, which spreads neighbouring seeds apart. */
function hash(text: string, basis: number): number {
  let h = basis | 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
