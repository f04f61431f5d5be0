const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/**
 * An interval in `ms` notation with the largest unit that says it exactly: `30m`, `90m`, `1d`. The `ms` library itself
 * rounds 90 minutes to `2h`. A cron schedule as `runs` has it.
 */
export function frequencyText({ intervalMs, cron }: { intervalMs: number | null; cron: string | null }): string {
  if (cron !== null) return `cron ${cron}`;
  const ms = intervalMs ?? 0;
  const unit = units.find(([, size]) => ms % size === 0);
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms}ms`;
}
