import { serveTasks } from '../../stages/serve-tasks.js';
import { startBatches } from './tasks.js';

serveTasks(startBatches);
