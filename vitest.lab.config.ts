import {defineConfig} from 'vitest/config';

// Real hosts: slow, one file at a time, because they share the machine's bridge.
export default defineConfig({
  test: {
    include: ['test/lab/**/*.lab.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    fileParallelism: false,
    bail: 0,
  },
});
