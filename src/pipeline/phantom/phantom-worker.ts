import { serveTasks } from '../stages/serve-tasks.js';
import { type Job, makeRange, type Range } from './make.js';

/** A thread that makes the ranges that it is sent. */
serveTasks((job: Job) => (range: Range) => makeRange(job, range));
