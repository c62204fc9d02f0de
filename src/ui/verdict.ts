export * from '../pipeline/words/verdict.js';
