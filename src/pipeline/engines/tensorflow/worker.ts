import { serveTasks } from '../../stages/serve-tasks.js';
import { answerSession } from '../serve-session.js';
import { describeTensorflow, loadTensorflow } from './load.js';
import type { ProcessAnswer, ProcessData, ProcessTask } from './process.js';
import { openTensorflowSession } from './session.js';

/**
 * A process of the tensorflow engine. Its own, since TensorFlow reads its settings from the environment when it is loaded, writes
 * to stderr past Node, and may abort where it runs.
 */

// Ctrl-C reaches every process of a terminal: the program says when this one ends, so that what is in flight is finished.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

const onNote = (note: string) => void process.send?.({ note });

serveTasks(({ packageFolder, options }: ProcessData) => {
  const tf = loadTensorflow(packageFolder);
  if (options !== null) return answerSession(openTensorflowSession(tf, { ...options, onNote }));
  return (_: ProcessTask): ProcessAnswer => {
    const started = performance.now();
    const [value] = tf.tidy(() => tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync());
    if (value !== 64) throw new Error(`a product of ones of 64 x 64 came to ${value}`);
    return { kind: 'computed', ...describeTensorflow(tf), ms: performance.now() - started };
  };
});
