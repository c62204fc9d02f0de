import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    watch: false,
    // All cores: much of the time goes to waiting for programs that a test has started.
    maxWorkers: '100%',
    // Tests that spawn the program share two cores with all the others.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
