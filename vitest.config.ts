import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/lab/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Most files wait for processes and sockets rather than for the CPU.
    maxWorkers: '100%',
    env: {NODE_ENV: 'test'},
  },
});
