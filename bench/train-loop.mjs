// The trainer by itself: `node train-loop.mjs CASE.json [--make]`, bundled by train.mjs. Prints a line of JSON: losses and seconds of
// each step. With --make it writes the case's network with its first weights, for the peer to begin with the same.
import { readFileSync } from 'node:fs';
import { loadTensorflow } from '../src/pipeline/engines/tensorflow/load.ts';
import { locateTensorflow } from '../src/pipeline/engines/tensorflow/locate.ts';
import { writeTfjsModel } from '../src/pipeline/training/export/tfjs-model.ts';
import { openTrainer } from '../src/pipeline/training/trainer-tfjs.ts';

const [file, flag] = process.argv.slice(2);
const { network, batch, steps, learningRate, images, labels, model } = JSON.parse(readFileSync(file, 'utf8'));
const tf = loadTensorflow(locateTensorflow().packageFolder);
const trainer = await openTrainer(tf, {
  ...network,
  loss: { terms: [{ kind: 'cross-entropy', weight: 1, classWeights: null, normalise: 'pixels' }] },
  optimizer: { kind: 'adam', clipNorm: null },
  freeze: 'none',
  encoderWeights: null,
  seed: 1,
});

if (flag === '--make') {
  writeTfjsModel(model, await trainer.layers(), {});
} else {
  const pixels = batch * network.height * network.width;
  const allImages = new Float32Array(readFileSync(images).buffer);
  const allLabels = new Uint8Array(readFileSync(labels).buffer);
  const batches = allLabels.length / pixels;
  const [losses, seconds] = [[], []];
  for (let step = 0; step < steps; step++) {
    const at = (step % batches) * pixels;
    const input = {
      count: batch,
      images: allImages.subarray(at * network.channels, (at + pixels) * network.channels),
      labels: allLabels.subarray(at, at + pixels),
    };
    const start = performance.now();
    const { loss } = await trainer.step(input, learningRate);
    losses.push(loss);
    seconds.push((performance.now() - start) / 1000);
  }
  console.log(JSON.stringify({ losses, seconds }));
}
trainer.close();
