import { type Command, EXIT } from './command.js';
import { OPTIONS } from './options.js';
export const phantom: Command = {
  name: 'phantom',
  group: 'Learn and try',
  summary: 'a synthetic chest X-ray data set in COVID-QU-Ex layout',
  positional: { name: 'dir', required: true, many: false, describe: 'the folder to make' },
  options: { debug: OPTIONS.debug },
  configured: false,
  examples: [],
  async run() {
    return EXIT.done;
  },
};
