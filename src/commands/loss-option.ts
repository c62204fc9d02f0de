import type { LossSpec, LossTerm, Normalisation } from '../pipeline/training/losses/loss-spec.js';
import { didYouMean } from '../pipeline/words/nearest.js';
import { type Option, ValueFault } from './option.js';

const KINDS = ['cross-entropy', 'focal', 'dice', 'tversky'] as const;

/** `cross-entropy+0.5*dice`, `focal:2`, `tversky:0.3:0.7`: terms with a factor before and their parameters behind. */
export const LOSS: Option<LossSpec> = {
  group: 'Loss and examples',
  placeholder: 'LOSS',
  describe:
    'cross-entropy, focal[:GAMMA], dice, tversky[:ALPHA:BETA], or a sum of them with factors: cross-entropy+0.5*dice',
  kind: 'value',
  parse: ([text]) => ({ terms: text.split('+').map((term) => parseTerm(term.trim())) }),
  fallback: { terms: [parseTerm('cross-entropy')] },
  fallbackText: 'cross-entropy',
};

/** Says of the terms with class weights what their sums are divided by. */
export function normalised({ terms }: LossSpec, normalise: Normalisation): LossSpec {
  return { terms: terms.map((term) => ('normalise' in term ? { ...term, normalise } : term)) };
}

function parseTerm(text: string): LossTerm {
  const parts = /^(?:([\d.]+(?:e-?\d+)?)\s*\*\s*)?([a-z-]+)((?::[\d.]+)*)$/i.exec(text);
  const kind = KINDS.find((known) => known === parts?.[2].toLowerCase());
  if (parts === null || kind === undefined) {
    throw new ValueFault(
      `"${text}" is no loss${didYouMean(parts?.[2] ?? text, KINDS)}; expected ${KINDS.join(', ')}, or a sum with +`,
    );
  }
  const weight = parts[1] === undefined ? 1 : toNumber(parts[1], text);
  if (!(weight > 0)) throw new ValueFault(`"${text}": a factor is above 0`);
  const given = parts[3]
    .split(':')
    .slice(1)
    .map((word) => toNumber(word, text));
  const parameters = (defaults: number[]): number[] => {
    if (given.length === 0) return defaults;
    if (given.length === defaults.length) return given;
    throw new ValueFault(`"${text}": ${kind} takes ${defaults.length} parameters, not ${given.length}`);
  };
  const weighted = { classWeights: null, normalise: 'weights' } as const;
  const overlap = { over: 'batch', background: false, smooth: 1 } as const;
  switch (kind) {
    case 'cross-entropy':
      parameters([]);
      return { weight, kind, ...weighted };
    case 'focal': {
      const [gamma] = parameters([2]);
      return { weight, kind, gamma, ...weighted };
    }
    case 'dice':
      parameters([]);
      return { weight, kind, ...overlap };
    case 'tversky': {
      const [alpha, beta] = parameters([0.3, 0.7]);
      return { weight, kind, alpha, beta, ...overlap };
    }
  }
}

function toNumber(word: string, text: string): number {
  const value = Number(word);
  if (!Number.isFinite(value)) throw new ValueFault(`"${text}": "${word}" is no number`);
  return value;
}
