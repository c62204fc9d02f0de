// The bare inference loop: `node tensorflow-loop.mjs SAVEDMODEL IMAGES BATCH`, bundled by inference.mjs. One made-up tensor over and over.
import { loadTensorflow } from '../src/pipeline/engines/tensorflow/load.ts';
import { locateTensorflow } from '../src/pipeline/engines/tensorflow/locate.ts';
import { openSavedModel } from '../src/pipeline/engines/tensorflow/saved-model.ts';

const [folder, images, batch] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const tf = loadTensorflow(locateTensorflow().packageFolder);
const model = await openSavedModel(tf, folder);
const [input, output] = [model.inputs[0].name, model.outputs[0].name];
const values = Float32Array.from({ length: batch * 256 * 256 * 3 }, (_, i) => (i % 997) / 997);
for (let done = 0; done < images; done += batch) {
  const x = tf.tensor(values, [batch, 256, 256, 3]);
  const y = await model.run(x, input, output);
  y.dataSync();
  tf.dispose([x, y]);
}
