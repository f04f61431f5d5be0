type Options = { silenceMs: number; ping: (n: number) => void; silent: () => void };

/** A tick that comes so much too late says that this process was stopped itself. */
const ownPauseMs = 1_000;

/** Asks a jail again and again whether its event loop still turns; `silent` is called when it has not answered for too long. */
export function watch({ silenceMs, ping, silent }: Options): { answered: () => void; stop: () => void } {
  const everyMs = Math.max(20, Math.min(2_000, silenceMs / 3));
  let lastAnswer = performance.now();
  let lastTick = lastAnswer;
  let count = 0;
  const isSilent = (): boolean => performance.now() - lastAnswer > silenceMs;
  const tick = (): void => {
    const now = performance.now();
    // The machine slept, or somebody stopped this process: its jail may have been stopped with it, and gets its time anew.
    if (now - lastTick > everyMs * 2 + ownPauseMs) lastAnswer = now;
    lastTick = now;
    // An answer may have come while this process was busy itself: hear it first.
    if (isSilent()) setImmediate(() => setImmediate(() => isSilent() && silent()));
    else ping(++count);
  };
  const timer = setInterval(tick, everyMs);
  return { answered: () => (lastAnswer = performance.now()), stop: () => clearInterval(timer) };
}
