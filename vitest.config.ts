import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Folders of the projects besides `unit`, which has all the rest. */
const OTHERS = ['test/circuits/**', 'test/e2e/**', 'test/server/**', 'test/sdk/http/**', 'test/browser/**']

/** Tests in a browser against wallet, issuer and sites together. */
const WHOLE_DEPLOYMENTS = ['test/e2e/**/*.test.ts', 'test/browser/sites.test.ts']

/** One project per kind of test, so that `npm run test:unit` and its siblings each run alone. */
export default defineConfig({
  test: {
    globalSetup: 'test/engine-setup.ts',
    // By default one core is left out, which on two of them is half.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...OTHERS, 'node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: { name: 'circuits', include: ['test/circuits/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
      },
      {
        test: {
          name: 'server',
          // What listens on a port, the SDK's routes among it.
          include: ['test/server/**/*.test.ts', 'test/sdk/http/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          exclude: WHOLE_DEPLOYMENTS,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'e2e',
          // Each runs all the servers and builds their pages: one after another.
          include: WHOLE_DEPLOYMENTS,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
