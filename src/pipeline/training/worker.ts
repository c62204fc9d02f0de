import path from 'node:path';
import { loadTensorflow } from '../engines/tensorflow/load.js';
import { UsageError } from '../errors.js';
import { runTrain, type TrainTools } from '../run-train.js';
import { writeOnnxModel } from './export/onnx-model.js';
import { writeTfjsModel } from './export/tfjs-model.js';
import type { FromTraining, ToTraining } from './process.js';
import type { TrainContext } from './train-events.js';
import type { TrainRequest } from './train-request.js';
import { openTrainer } from './trainer-tfjs.js';
import { encoderWeights } from './weights/encoder-weights.js';

/** The process that trains: TensorFlow, and the recipe around it. */

// Ctrl-C reaches every process of a terminal: the program says when this one stops, so that the step is finished and saved.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

const stop = new AbortController();
const send = (message: FromTraining) => void process.send?.(message);

process.on('message', (message: ToTraining) => {
  if ('stop' in message) stop.abort();
  else void answer(message.begin.packageFolder, message.begin.request);
});

async function answer(packageFolder: string, request: TrainRequest): Promise<void> {
  const context: TrainContext = { signal: stop.signal, emit: (event) => send({ event }) };
  try {
    send({ result: await runTrain(request, context, toolsOf(packageFolder)) });
  } catch (error) {
    const { name, message, stack } = error as Error;
    if (stop.signal.aborted && name === 'AbortError') send({ result: null });
    else send({ failed: { usage: error instanceof UsageError, message, stack } });
  }
}

/** TensorFlow is loaded when the data has been audited: what is wrong with a call is said before. */
function toolsOf(packageFolder: string): TrainTools {
  return {
    openTrainer: (options) => openTrainer(loadTensorflow(packageFolder), options),
    encoderWeights: (choice, { signal, emit }) => encoderWeights(choice, { signal, onBytes: everyTenth(emit) }),
    writeModels(folder, network, card) {
      const [layers, onnx] = ['model', 'model.onnx'].map((name) => path.join(folder, name));
      writeTfjsModel(layers, network, card);
      writeOnnxModel(onnx, network, card);
      return [path.join(layers, 'model.json'), onnx];
    },
  };
}

/** A note for each tenth of a download. */
function everyTenth(emit: TrainContext['emit']): (done: number, total: number | null) => void {
  let said = 0;
  return (done, total) => {
    if (total === null || Math.floor((10 * done) / total) <= said) return;
    said = Math.floor((10 * done) / total);
    emit({ type: 'note', message: `the encoder's weights: ${10 * said} % of ${Math.round(total / 1e6)} MB` });
  };
}
