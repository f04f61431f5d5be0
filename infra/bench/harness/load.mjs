import { keepAliveAgent, request } from './client.mjs';
import { log } from './log.mjs';
import { distribution, round } from './statistics.mjs';

/**
 * Sends the same request again and again over so many connections, for so many seconds or until `count` were sent.
 * An answer of 400 and above, or none, is an error; the first one is shown.
 */
export async function load({ connections, seconds, count, ...target }) {
  const agent = keepAliveAgent(connections);
  const seen = { durations: [], errors: 0, bytes: 0 };
  const startedAt = performance.now();
  const endsAt = seconds ? startedAt + seconds * 1000 : Infinity;
  let left = count ?? Infinity;
  const worker = async () => {
    while (performance.now() < endsAt && left-- > 0) await sendOnce(agent, target, seen);
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const wallMs = performance.now() - startedAt;
  agent.destroy();
  const { durations, errors, bytes } = seen;
  return { requests: durations.length, errors, rps: round((durations.length / wallMs) * 1000, 1), bytes, latencyMs: distribution(durations), durations };
}

async function sendOnce(agent, target, seen) {
  const sentAt = performance.now();
  try {
    const { status, body } = await request(agent, target);
    if (status >= 400) noteError(seen, `${status} ${body.toString().slice(0, 300)}`);
    seen.bytes += body.length;
  } catch (error) {
    noteError(seen, error.message);
  }
  seen.durations.push(performance.now() - sentAt);
}

function noteError(seen, text) {
  if (seen.errors++ === 0) log('first error:', text);
}
