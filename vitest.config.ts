import { defineConfig } from 'vitest/config'

/** One project per kind of test, so that `npm run test:unit` and its siblings each run alone. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/circuits/**', 'test/e2e/**', 'test/server/**', 'test/browser/**', 'node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: { name: 'circuits', include: ['test/circuits/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
      },
      { test: { name: 'server', include: ['test/server/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 180_000 } },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
