// The bare inference loop: `node onnx-loop.mjs MODEL IMAGES SESSIONS [BATCH]`. Sessions of one thread each, in worker
// threads, with the settings that the audit uses, and one made-up tensor over and over: no file is read, nothing reduced.
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import ort from 'onnxruntime-node';

const SETTINGS = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  executionProviders: ['cpu'],
};

if (isMainThread) {
  const [model, images, sessions, batch = '1'] = process.argv.slice(2);
  const share = Math.ceil(Number(images) / Number(sessions));
  for (let i = 0; i < Number(sessions); i++) {
    const mine = Math.min(share, Number(images) - i * share);
    if (mine > 0) new Worker(new URL(import.meta.url), { workerData: { model, images: mine, batch: Number(batch) } });
  }
} else {
  const { model, images, batch } = workerData;
  const session = await ort.InferenceSession.create(model, SETTINGS);
  const [input] = session.inputMetadata;
  const dims = input.shape.map((n, i) => (typeof n === 'number' && n > 0 ? n : i === 0 ? batch : 256));
  const data = Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => ((i * 2654435761) % 997) / 997);
  for (let done = 0; done < images; done += dims[0]) {
    await session.run({ [input.name]: new ort.Tensor('float32', data, dims) });
  }
}
