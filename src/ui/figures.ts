export * from '../pipeline/words/figures.js';
