export * from '../pipeline/words/visible-text.js';
