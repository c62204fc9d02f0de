import type { Report, TrainingRule } from './rule.js';
import { NOTHING } from './rule.js';

export const lossNotFinite: TrainingRule = {
  scope: 'training',
  code: 'T001',
  title: 'The loss is not a number any more',
  severity: 'warning',
  what: `
    The loss of a step, the norm of its gradients, or the validation's loss is NaN or infinite. The training ends there with exit code 3: that step has changed no
    weight, no checkpoint is written of it, and the last one holds the end of the epoch before.`,
  ofImages: { what: 'The same.' },
  why: `
    From one NaN on every weight becomes NaN, and a label map made of NaN is background everywhere: accuracy stays high, smoothed
    scores of rare classes go to 1, and a curve that is drawn without its undefined points looks as if nothing had happened.
    The usual causes: a learning rate that is too high, class weights in the hundreds on a small batch, a logarithm of 0.`,
  fix: `
    Go on from the last checkpoint with a lower rate and clipped gradients; both may be changed by a resumed run:

    $ maskaudit train DATASET --out RUN --resume --learning-rate 1e-4 --clip-norm 1

    If it happens in the first steps, look at the class weights that the training prints.`,
  checkStep({ epoch, step, loss, gradientNorm, learningRate }) {
    if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return NOTHING;
    const what = Number.isFinite(loss) ? `the gradients' norm is ${gradientNorm}` : `the loss is ${loss}`;
    const message = `${what} in epoch ${epoch}, step ${step} (learning rate ${learningRate})`;
    return [{ rule: 'T001', split: 'train', message }];
  },
  checkEpoch({ history }): Iterable<Report> {
    const { epoch, val } = history[history.length - 1];
    if (val.loss === null || Number.isFinite(val.loss)) return NOTHING;
    return [{ rule: 'T001', split: 'val', message: `the validation's loss is ${val.loss} in epoch ${epoch}` }];
  },
};
