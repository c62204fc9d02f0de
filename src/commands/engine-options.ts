import { UsageError } from '../pipeline/errors.js';
import { didYouMean } from '../pipeline/words/nearest.js';
import type { Positional } from './command.js';
import { file } from './option.js';

export const ENGINE: Positional = {
  name: 'engine',
  required: false,
  many: false,
  describe: 'tensorflow, the only one that is installed by itself',
};

export const DIR = file('DIR', {
  group: 'What to install',
  describe: 'the folder, in place of the cache: the program finds it by a link there',
  fallbackText: "$MASKAUDIT_HOME, else the user's cache folder",
});

/** @throws UsageError for another engine than TensorFlow */
export function checkEngine([engine = 'tensorflow']: readonly string[]): void {
  if (engine === 'tensorflow') return;
  const hint = didYouMean(engine, ['tensorflow']) || '; there is tensorflow (the others come with maskaudit)';
  throw new UsageError(`no engine "${engine}" to install or remove${hint}`);
}
