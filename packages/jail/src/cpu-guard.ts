import type { ProcessUsage } from './process-usage.js';

type Options = { usage: () => ProcessUsage | null; cpuMsPerMinute: number; exceeded: () => void };

const minuteMs = 60_000;

/**
 * Watches what a run takes of the processor, on average since it began: a busy minute after an idle one is fine, and
 * the first minute is granted whole. Where the system tells nothing, nothing is bounded.
 * @returns how to stop
 */
export function watchCpu({ usage, cpuMsPerMinute, exceeded }: Options): () => void {
  const startedAt = performance.now();
  // A jail that is used again has used some before.
  const before = usage()?.cpuMs ?? 0;
  const check = (): void => {
    const minutes = Math.max(1, (performance.now() - startedAt) / minuteMs);
    if ((usage()?.cpuMs ?? 0) - before > cpuMsPerMinute * minutes) exceeded();
  };
  const timer = setInterval(check, Math.max(100, Math.min(5_000, cpuMsPerMinute / 4)));
  return () => clearInterval(timer);
}
