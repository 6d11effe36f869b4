import {defineConfig} from 'vitest/config';

const minute = 60_000;

// Real hosts, hour-long rows: `npm run test:lab:long`.
export default defineConfig({
  test: {
    include: ['test/lab/**/*.long.test.ts'],
    testTimeout: 100 * minute,
    hookTimeout: 20 * minute,
    fileParallelism: false,
  },
});
