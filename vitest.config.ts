import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**', '.local/**'];
const resolve = { conditions: ['source', 'module', 'node', 'default'] };
/** Where `.ci/run` wants the results as JSON. */
const report = process.env['TEST_REPORT'];
const ssr = { resolve: { conditions: ['source', 'module', 'node', 'default'] } };

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      { resolve, ssr, test: { name: 'unit', include: ['{apps,packages}/*/src/**/*.test.ts'], exclude: [...exclude, '**/*.it.test.ts'] } },
      {
        resolve,
        ssr,
        test: {
          name: 'real',
          include: ['{apps,packages}/*/src/**/*.it.test.ts'],
          exclude,
          globalSetup: ['packages/stack/src/testing/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
