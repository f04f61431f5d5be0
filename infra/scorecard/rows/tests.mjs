// Rows that are tests with real processes beside the code, found by their id: every test whose name holds it counts.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runToEnd } from '../../bench/stand/program.mjs';

const root = resolve(import.meta.dirname, '../../..');

/** The rows by id: what happens, and what has to hold. */
const titles = {
  'R-01': ['four processes with 25 callers each on one expired token', '1 token call, 100 answers'],
  'R-02': ['the same with a token endpoint that takes 12 s', '1 token call'],
  'R-03': ['a process killed at each point of a refresh', 'works again within a grace of 5 s, else said; no needless use of the token'],
  'R-04': ['Postgres away when the token comes', 'stored when it is back, 1 token call'],
  'R-05': ['500, 429, pages, 10 MB, slow and broken answers', 'old token kept, 1 call per back-off, at most 15 s'],
  'R-06': ['5,000 tokens that end within the same minute', '99.9% renewed before, limit of each host held'],
  'R-07': ['a family of tokens revoked by its provider', 'auth.reuse_suspected and webhook at once, at most 2 calls'],
  'O-01': ['state missing, reused, expired, tampered, of another browser', 'refused, no token call'],
  'O-02': ['PKCE left out, plain or overridden', 'S256 always'],
  'O-03': ["another server's code, state or issuer", 'code never sent to the wrong token endpoint'],
  'O-04': ['issuer missing, callback of another integration', 'refused'],
  'O-05': ['a flow completed by somebody else, a session of another environment', 'refused'],
  'O-06': ['200 crafted return URLs', '0 open redirects'],
  'O-07': ['basic, post, none and private_key_jwt', 'accepted by a certified server'],
  'O-08': ['fewer scopes granted than asked for', 'stored and warned of'],
  'O-09': ['a token endpoint that redirects', 'not followed, no secret sent'],
  'O-10': ['the closing page', 'no referrer, no code, nothing of third parties'],
  'O-11': ['markup in error answers', 'shown as text'],
  'O-12': ['token answers as they are in the wild', 'read'],
  'O-13': ['a connection that is deleted', 'revoked, unsupported or failed, as it was'],
  'O-16': ['OAuth 1.0: signature, nonce, timestamp, state', 'accepted and bound to the browser'],
  'S-01': ['64 targets inside through every way out, and through a real script', 'all refused, 0 connections at the listeners'],
  'S-02': ['a name server that answers something else each time, 1,000 tries', '0 connections inside'],
  'S-03': ['credentials on redirects', '0 seen by another origin, no way from https to http'],
  'S-04': ['2,000 URLs and names against an oracle of their own', '0 disagreements'],
  'L-01': ['planted secrets through all flows', '0 found'],
  'K-01': ['ciphertexts with a byte changed, or swapped', 'none opens'],
  'K-02': ['keys rotated under load', '0 failed reads, 0 rows on the old key'],
  'K-03': ['no key, a short and a wrong key in production', 'refuses to start'],
  'K-04': ['comparisons of secrets timed', '|t| below 4.5'],
  'K-05': ['planted secrets looked for in a dump', '0 found'],
};

/** Their rows. The first that runs runs the tests of all that were `chosen`: starting their Postgres takes longer than most of them. */
export function testRows({ say, signal }) {
  let report;
  const run = (id) => async (_, chosen) => outcomeOf(id, await (report ??= runTests(chosen, { say, signal })));
  return Object.entries(titles).map(([id, [title, limit]]) => ({ id, title, limit, needsStand: false, run: run(id) }));
}

function outcomeOf(id, tests) {
  const own = tests.filter(({ name }) => names(name, id));
  const count = (status) => own.filter((test) => test.status === status).length;
  const failed = own.filter(({ status }) => status !== 'passed').map(({ name, why = '' }) => `${name}: ${why.slice(0, 500)}`);
  const seconds = Math.round(own.reduce((sum, { ms }) => sum + ms, 0) / 1000);
  return { pass: own.length > 0 && failed.length === 0, measured: { passed: count('passed'), ...(failed.length > 0 ? { failed } : {}) }, seconds };
}

async function runTests(rows, { say, signal }) {
  const ids = rows.map(({ id }) => id).filter((id) => id in titles);
  const files = testFiles().filter((file) => ids.some((id) => names(readFileSync(join(root, file), 'utf8'), id)));
  say(`${ids.length} rows are tests: ${files.length} files`);
  const folder = mkdtempSync(join(tmpdir(), 'scorecard-'));
  const output = join(folder, 'report.json');
  try {
    const args = ['run', ...files, '-t', `\\b(${ids.join('|')})\\b`, '--reporter=json', `--outputFile=${output}`];
    await runToEnd(join(root, 'node_modules/vitest/vitest.mjs'), { args, cwd: root, signal, env: { TEST_LONG: '1' }, stderr: 'ignore' });
    const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
    return testResults.flatMap(({ name: file, status, assertionResults }) => {
      const tests = assertionResults.map((test) => ({ name: test.fullName, status: test.status, ms: test.duration ?? 0, why: test.failureMessages?.[0] }));
      // A file that broke off, or could not be read at all, fails every row that it is part of.
      return status === 'passed'
        ? tests
        : [...tests, { name: `${ids.filter((id) => names(readFileSync(file, 'utf8'), id)).join(' ')} in ${file}`, status, ms: 0 }];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function testFiles() {
  const folders = ['apps', 'packages'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name, 'src')));
  return folders.flatMap((folder) => {
    try {
      return readdirSync(join(root, folder), { recursive: true })
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => join(folder, file));
    } catch {
      return []; // a folder without sources
    }
  });
}

/** Whether a text names a row, and not one whose id goes on. */
function names(text, id) {
  return new RegExp(`\\b${id}\\b`).test(text);
}
