import { serveTasks } from '../stages/serve-tasks.js';
import { startMeasuring } from './tasks.js';

serveTasks(startMeasuring);
