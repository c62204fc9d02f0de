// The ways forward: the classifier that was chosen, and the hybrid that was weighed. On the whole labels, audited on the test split.
import path from 'node:path';
import { ENCODING } from './data.mjs';
import { readJson } from './work.mjs';

/**
 * An image has one label where it has one a pixel for a U-Net: a classifier gets more epochs, of larger steps, in less time. At the
 * story's own length they are what `train` has for classifiers unless told otherwise, as is all else: 40 epochs, 16 images a step.
 */
const EPOCHS = 10 / 3;
const BATCH = 2;
const SENSITIVITY = 0.95;

/**
 * @param segmenter folder of the training whose U-Net is taken
 * @returns figures of the classifier, of the segmenter taken as one, and of both joined
 */
export function goOn(segmenter, { folder, data, size, epochs, batch, seed }, maskaudit) {
  const out = (name) => path.join(folder, name);
  const network = ['--task', 'classification', '--architecture', 'small-cnn', '--size', `${size}`];
  const length = Math.round(EPOCHS * epochs);
  const steps = ['--epochs', `${length}`, '--batch', `${BATCH * batch}`, '--seed', `${seed}`];
  const wanted = ['--sensitivity', `covid=${SENSITIVITY}`];
  maskaudit(['train', data.whole, ...network, ...steps, ...wanted, '--out', out('classifier-train')]);

  const audit = (name, model, ...more) => {
    const reading = ['--mask-encoding', ENCODING.whole, '--class', 'covid'];
    maskaudit(['audit', data.whole, '--model', model, ...reading, ...more, '--out', out(name)]);
    return readJson(out(name), 'summary.json');
  };
  const gate = path.join(out('classifier-train'), 'model.onnx');
  const unet = path.join(segmenter, 'model.onnx');
  const hybrid = out('hybrid.json');
  const parts = ['--gate', gate, '--segmenter', `covid=${unet}`, '--threshold', '0.5'];
  maskaudit(['model', 'hybrid', ...parts, '--out', hybrid, '--force']);
  const classifier = audit('classifier-audit', gate, '--split', 'test', '--probe', 'lungs');
  // The threshold of pixels is chosen on the validation split.
  const byPixels = audit('segmenter-audit', unet, '--split', 'val,test');
  const joined = audit('hybrid-audit', hybrid, '--split', 'test', '--segment-all');
  const training = readJson(out('classifier-train'), 'training.json');
  return { training, epochs: length, wanted: SENSITIVITY, classifier, byPixels, hybrid: joined };
}
