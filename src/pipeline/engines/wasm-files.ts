import { programFile } from '../program-files.js';

/** Where the build puts what TensorFlow.js's wasm backend reads when it starts. */
export const WASM_FOLDER = programFile('dist/tfjs/');
