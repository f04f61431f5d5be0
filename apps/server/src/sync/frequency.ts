const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** An interval in `ms` notation with the largest unit that says it exactly: `30m`, `90m`, `1d`. The `ms` library itself rounds 90 minutes to `2h`. */
export function frequencyText(intervalMs: number): string {
  const unit = units.find(([, size]) => intervalMs % size === 0);
  return unit ? `${intervalMs / unit[1]}${unit[0]}` : `${intervalMs}ms`;
}
