// Rows that tests show: they run as anywhere, and the row tells how many passed.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runToEnd } from '../../bench/stand/program.mjs';

const root = resolve(import.meta.dirname, '../../..');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

/** Runs test files; the row passes when there are tests, all of them ran, and all of them passed. */
export async function shownBy(...files) {
  const folder = await mkdtemp(join(tmpdir(), 'scorecard-tests-'));
  try {
    const report = join(folder, 'report.json');
    await runToEnd(vitest, {
      args: ['run', ...files, '--reporter=json', `--outputFile=${report}`],
      cwd: root,
      env: { TEST_LONG: files.some((file) => file.includes('.long.')) ? '1' : '' },
    });
    const { numTotalTests, numPassedTests, testResults } = JSON.parse(await readFile(report, 'utf8'));
    const failed = testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName));
    const isComplete = testResults.length === files.length && testResults.every(({ status }) => status === 'passed');
    return { pass: isComplete && numTotalTests > 0 && numPassedTests === numTotalTests, measured: { tests: numTotalTests, passed: numPassedTests, failed } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
