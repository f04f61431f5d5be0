// Prints "N passed, N failed" out of vitest's JSON report; a file that could not even be loaded counts as one failed test.
import { readFileSync } from 'node:fs';

const [, , file, status] = process.argv;
const { passed, failed } = count(read());
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 || status !== '0' ? 1 : 0);

function read() {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).testResults;
  } catch {
    return [];
  }
}

function count(files) {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const unloaded = files.filter(({ status: outcome, assertionResults }) => outcome === 'failed' && !assertionResults.some((test) => test.status === 'failed'));
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failedTests = tests.filter((test) => test.status === 'failed').length;
  const failed = failedTests + unloaded.length;
  // The command failed and nothing says why (a build that broke, an error outside every test): that is a failure too.
  return { passed, failed: failed === 0 && status !== '0' ? 1 : failed };
}
