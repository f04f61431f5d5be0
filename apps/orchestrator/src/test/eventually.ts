/** Asks again until the answer is there, at most thirty seconds. */
export async function eventually<T>(ask: () => Promise<T | null | undefined | false>, timeoutMs = 30_000): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > until) throw new Error('it did not come to that in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
