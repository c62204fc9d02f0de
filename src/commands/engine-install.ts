import { UsageError } from '../pipeline/errors.js';
import type { InstallResult } from '../pipeline/run-engine-install.js';
import { duration } from '../pipeline/words/figures.js';
import { visible } from '../pipeline/words/visible-text.js';
import { shownPath } from '../ui/summary-text.js';
import { type Call, type Command, EXIT } from './command.js';
import { checkEngine, DIR, ENGINE } from './engine-options.js';
import { installProgress } from './install-progress.js';
import { toggle } from './option.js';
import { OPTIONS, pick } from './options.js';
import { writer } from './output.js';
import { listenForSignals } from './signals.js';

const group = 'What to install';

const options = {
  gpu: toggle({
    group,
    describe: 'with CUDA, for NVIDIA (6 GB); taken without being asked for where there is a driver',
  }),
  cpu: toggle({ group, describe: 'for the CPU alone (0.9 GB)' }),
  withKeras: toggle({ group, describe: 'and Keras, which turns .keras and .h5 models into SavedModels (1.6 GB)' }),
  dir: DIR,
  ...pick(OPTIONS, ['quiet', 'debug']),
} as const;

/** `maskaudit engine install [engine]`. */
export const engineInstall: Command<typeof options> = {
  name: 'engine install',
  group: 'Engines and models',
  summary: 'native TensorFlow for SavedModels and TF.js models, on the CPU or a GPU',
  positional: ENGINE,
  options,
  configured: false,
  examples: [
    ['', 'TensorFlow, for the GPU where there is an NVIDIA driver'],
    ['--cpu --with-keras', 'for the CPU, with Keras for maskaudit model import'],
  ],
  async run(call) {
    const { io, options: wishes, words } = call;
    checkEngine(words);
    if (wishes.gpu && wishes.cpu) throw new UsageError('--gpu and --cpu exclude each other');
    const { runEngineInstall } = await import('../pipeline/run-engine-install.js');
    const stop = new AbortController();
    const progress = installProgress(io, wishes.quiet);
    const { unlisten } = listenForSignals(io, stop, () => progress.step('stopping: what is there is removed'));
    const started = performance.now();
    const variant = wishes.gpu ? 'gpu' : wishes.cpu ? 'cpu' : null;
    try {
      const result = await runEngineInstall(
        { variant, withKeras: wishes.withKeras, dir: wishes.dir },
        { signal: stop.signal, onStep: progress.step, onBytes: progress.bytes },
      );
      progress.end();
      if (!wishes.quiet) await writer(io.stdout)(`${installText(result, call, performance.now() - started)}\n`);
      return EXIT.done;
    } catch (error) {
      progress.end();
      if (!stop.signal.aborted || (error as Error).name !== 'AbortError') throw error;
      io.stderr.write('maskaudit: interrupted: nothing was installed\n');
      return EXIT.interrupted;
    } finally {
      unlisten();
    }
  },
};

function installText({ installation, fresh, device }: InstallResult, { io }: Call, ms: number): string {
  const { folder, tensorflow, variant, keras } = installation;
  const what = `TensorFlow ${tensorflow} for the ${variant.toUpperCase()}${keras ? ` with Keras ${keras.version}` : ''}`;
  const where = visible(shownPath(folder, io.cwd));
  if (!fresh) return `${what} is in ${where} already`;
  const noGpu = variant === 'gpu' && device === 'cpu' ? '; it found no GPU that it can use here' : '';
  return [
    `${what} is in ${where}: ${duration(ms)}; tried on ${device}${noGpu}`,
    'Next:  maskaudit audit DATASET --model SAVEDMODEL',
  ].join('\n');
}
