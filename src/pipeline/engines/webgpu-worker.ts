import { serveSession } from './serve-session.js';
import { openWebgpuSession } from './webgpu-session.js';

/** The thread of the webgpu engine. */
serveSession(openWebgpuSession);
