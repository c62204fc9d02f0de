import { visible } from '../pipeline/words/visible-text.js';
import { shownPath } from '../ui/summary-text.js';
import { type Command, EXIT } from './command.js';
import { checkEngine, DIR, ENGINE } from './engine-options.js';
import { OPTIONS, pick } from './options.js';
import { writer } from './output.js';

const options = { dir: DIR, ...pick(OPTIONS, ['quiet', 'debug']) } as const;

/** `maskaudit engine remove [engine]`. */
export const engineRemove: Command<typeof options> = {
  name: 'engine remove',
  group: 'Engines and models',
  summary: 'removes what engine install has installed',
  positional: ENGINE,
  options,
  configured: false,
  examples: [['', 'TensorFlow is gone from the cache']],
  async run({ io, words, options: { dir, quiet } }) {
    checkEngine(words);
    const { runEngineRemove } = await import('../pipeline/run-engine-install.js');
    const { folder, removed } = runEngineRemove({ dir });
    const where = visible(shownPath(folder, io.cwd));
    if (!quiet) await writer(io.stdout)(removed ? `${where} is removed\n` : `there is nothing in ${where}\n`);
    return EXIT.done;
  },
};
