import { UsageError } from '../../errors.js';
import type { LossSpec, LossTerm } from './loss-spec.js';

/** @throws UsageError where a loss can't be computed for that many classes */
export function checkLoss({ terms }: LossSpec, classes: number): void {
  if (terms.length === 0) throw new UsageError('the loss has no term: at least one is needed, such as cross-entropy');
  for (const term of terms) checkTerm(term, classes);
}

function checkTerm(term: LossTerm, classes: number): void {
  const notNegative = (what: string, value: number) => {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new UsageError(`${term.kind}: ${what} is ${value}; it has to be a number that is not negative`);
    }
  };
  notNegative('its weight in the loss', term.weight);
  if (term.kind === 'cross-entropy' || term.kind === 'focal') {
    const { classWeights } = term;
    if (classWeights !== null) {
      if (classWeights.length !== classes) {
        throw new UsageError(
          `${term.kind}: ${classWeights.length} class weights for ${classes} classes: one each is needed`,
        );
      }
      for (const [index, weight] of classWeights.entries()) notNegative(`the weight of class ${index}`, weight);
      if (classWeights.every((weight) => weight === 0)) {
        throw new UsageError(`${term.kind}: every class weight is 0: nothing would be learned`);
      }
    }
    if (term.kind === 'focal') notNegative('gamma', term.gamma);
    return;
  }
  notNegative('smooth', term.smooth);
  if (term.smooth === 0) {
    throw new UsageError(`${term.kind}: smooth is 0; a class that is in neither mask needs it above 0`);
  }
  if (term.kind === 'tversky') {
    notNegative('alpha', term.alpha);
    notNegative('beta', term.beta);
  }
}
