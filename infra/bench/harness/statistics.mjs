const ascending = (a, b) => a - b;

/** Rounded to so many decimals; null for what is no number. */
export function round(value, decimals = 3) {
  return value === undefined || Number.isNaN(value) ? null : Math.round(value * 10 ** decimals) / 10 ** decimals;
}

/** The sum of what `of` reads from each item. */
export function sum(items, of = (item) => item) {
  return items.reduce((total, item) => total + of(item), 0);
}

/** Percentiles of single durations. */
export function distribution(durations) {
  const sorted = [...durations].sort(ascending);
  return {
    n: sorted.length,
    min: round(sorted[0]),
    p50: round(percentile(sorted, 50)),
    p95: round(percentile(sorted, 95)),
    p99: round(percentile(sorted, 99)),
    max: round(sorted.at(-1)),
    mean: round(sum(sorted) / sorted.length),
  };
}

/** Smallest, median and largest of the repeats of one measurement; null when there is none. */
export function spread(repeats, decimals = 3) {
  const sorted = repeats.filter((value) => value !== null && value !== undefined).sort(ascending);
  if (sorted.length === 0) return null;
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
  return { min: round(sorted[0], decimals), median: round(median, decimals), max: round(sorted.at(-1), decimals), n: sorted.length };
}

function percentile(sorted, percent) {
  if (sorted.length === 0) return undefined;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1))];
}
