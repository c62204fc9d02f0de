import { serveSession } from './serve-session.js';
import { openWasmSession } from './wasm-session.js';

/** A thread of the wasm engine. */
serveSession(openWasmSession);
