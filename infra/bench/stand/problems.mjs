/** A sync without a schedule of its own, as this one, is PAUSED after a good run. */
const unwell = new Set(['ERROR', 'STOPPED']);

/** What is wrong with the harness' figures, one line each: failed phases, requests that failed, syncs that did not do what they should. */
export function problemsOf(results) {
  const failures = Object.entries(results.failures).map(([phase, message]) => `phase ${phase} failed: ${message}`);
  const errors = errorCounts(results).map(({ path, count }) => `${path}: ${count} requests failed`);
  return [...failures, ...errors, ...syncProblems(results)];
}

function errorCounts(node, path = []) {
  if (node === null || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'errors') return value > 0 ? [{ path: path.join('.'), count: value }] : [];
    return errorCounts(value, [...path, key]);
  });
}

function syncProblems({ sync, settings }) {
  if (!sync) return [];
  const expected = {
    first: { added: settings.TOTAL, updated: 0 },
    unchanged: { added: 0, updated: 0 },
    changed_10pct: { added: 0, updated: Math.round(settings.TOTAL / 10) },
  };
  return Object.entries(expected).flatMap(([kind, counts]) => [
    ...sync[kind].status.filter((status) => unwell.has(status)).map((status) => `sync.${kind} ended with ${status}`),
    ...sync[kind].latestResult.filter((result) => !saw(result, counts)).map((result) => `sync.${kind} counted ${JSON.stringify(result)}`),
  ]);
}

/** A result without the model, or without one of the counts, means none. */
function saw(result, counts) {
  const [seen = {}] = Object.values(result ?? {});
  return Object.entries(counts).every(([name, count]) => (seen[name] ?? 0) === count);
}
