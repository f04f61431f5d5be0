type Options = { silenceMs: number; ping: (n: number) => void; silent: () => void };

/** Asks a jail again and again whether its event loop still turns; `silent` is called when it has not answered for too long. */
export function watch({ silenceMs, ping, silent }: Options): { answered: () => void; stop: () => void } {
  let lastAnswer = performance.now();
  let count = 0;
  const isSilent = (): boolean => performance.now() - lastAnswer > silenceMs;
  const timer = setInterval(
    () => {
      // An answer may have come while this process was busy itself: hear it first.
      if (isSilent()) setImmediate(() => setImmediate(() => isSilent() && silent()));
      else ping(++count);
    },
    Math.max(20, Math.min(2_000, silenceMs / 3)),
  );
  return { answered: () => (lastAnswer = performance.now()), stop: () => clearInterval(timer) };
}
