/** `pausedMs` is for how long the jail has been paused so far, `paused` is called now and then while that grows: it cannot answer then. */
type Options = { silenceMs: number; ping: (n: number) => void; silent: () => void; pausedMs?: () => number; paused?: () => void };

/** A tick that comes so much too late says that this process was stopped itself. */
const ownPauseMs = 1_000;

/** Asks a jail again and again whether its event loop still turns; `silent` is called when it has not answered for too long. */
export function watch({ silenceMs, ping, silent, pausedMs = () => 0, paused = () => undefined }: Options): { answered: () => void; stop: () => void } {
  const everyMs = Math.max(20, Math.min(2_000, silenceMs / 3));
  /** A clock that stands still while the jail is paused. */
  const jailClock = (): number => performance.now() - pausedMs();
  let lastAnswer = jailClock();
  let lastTick = performance.now();
  let lastPausedMs = pausedMs();
  let count = 0;
  const isSilent = (): boolean => jailClock() - lastAnswer > silenceMs;
  const tick = (): void => {
    const now = performance.now();
    // The machine slept, or somebody stopped this process: its jail may have been stopped with it, and gets its time anew.
    if (now - lastTick > everyMs * 2 + ownPauseMs) lastAnswer = jailClock();
    lastTick = now;
    if (pausedMs() > lastPausedMs) paused();
    lastPausedMs = pausedMs();
    // An answer may have come while this process was busy itself: hear it first.
    if (isSilent()) setImmediate(() => setImmediate(() => isSilent() && silent()));
    else ping(++count);
  };
  const timer = setInterval(tick, everyMs);
  return { answered: () => (lastAnswer = jailClock()), stop: () => clearInterval(timer) };
}
