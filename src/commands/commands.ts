import { audit } from './audit.js';
import type { Command } from './command.js';
import { conventions } from './conventions.js';
import { doctor } from './doctor.js';
import { engineInstall } from './engine-install.js';
import { engineRemove } from './engine-remove.js';
import { explain } from './explain.js';
import { exportCommand } from './export.js';
import { merge } from './merge.js';
import { modelHybrid } from './model-hybrid.js';
import { modelImport } from './model-import.js';
import { phantom } from './phantom.js';
import { report } from './report.js';
import { show } from './show.js';
import { stats } from './stats.js';
import { train } from './train.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  audit,
  stats,
  train,
  show,
  conventions,
  report,
  exportCommand,
  merge,
  doctor,
  engineInstall,
  engineRemove,
  modelImport,
  modelHybrid,
  explain,
  phantom,
];
