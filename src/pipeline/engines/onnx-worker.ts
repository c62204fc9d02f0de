import { openOnnxSession } from './onnx-session.js';
import { serveSession } from './serve-session.js';

/** A thread of the onnx engine. */
serveSession(openOnnxSession);
