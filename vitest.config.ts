import { defineConfig } from 'vitest/config';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether tests that wait for minutes, and the long form of those that try at random, were asked for. */
    long: boolean;
  }
}

const exclude = ['**/node_modules/**', '**/dist/**', '.local/**'];
const resolve = { conditions: ['source', 'node', 'default'] };
/** Where `.ci/run` wants the results as JSON. */
const report = process.env['TEST_REPORT'];
const ssr = { resolve: { conditions: ['source', 'node', 'default'] } };
const at = (kind: string): string => `{apps,packages}/*/src/**/*.${kind}.ts`;
/** Tests that kill processes and wait for their time-outs: minutes of waiting, so a developer asks for them and CI always does. */
const long = process.env['TEST_LONG'] === '1';
if (!long) process.stderr.write('Tests that wait for time-outs (*.long.test.ts and single ones) are left out; TEST_LONG=1 runs them too.\n');
const provide = { long };

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      { resolve, ssr, test: { name: 'unit', include: [at('test')], exclude: [...exclude, at('it.test'), at('long.test')], provide, isolate: false } },
      {
        resolve,
        ssr,
        test: {
          name: 'real',
          include: long ? [at('it.test'), at('long.test')] : [at('it.test')],
          exclude,
          provide,
          isolate: false,
          globalSetup: ['packages/stack/src/testing/global-setup.ts'],
          // CI's cores are shared: what fails once there is tried once more, and reported as such.
          retry: process.env['CI'] ? 1 : 0,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
