import { keepAliveAgent, request } from './client.mjs';
import { log } from './log.mjs';
import { distribution, round } from './statistics.mjs';

const rounds = 1500;
const warmUpRounds = 300;

/**
 * How much longer one request takes by each way than through the bare pass-through, in ms at the median. One request after the
 * other, each round once by every way, so that all of them meet the same machine.
 */
export async function addedLatency(ways, path) {
  const agent = keepAliveAgent(1);
  const durations = Object.fromEntries(ways.map(({ way }) => [way, []]));
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const { way, base, headers } of ways) {
      const sentAt = performance.now();
      await request(agent, { url: base + path, headers });
      if (round >= 0) durations[way].push(performance.now() - sentAt);
    }
  }
  agent.destroy();
  const p50 = Object.fromEntries(ways.map(({ way }) => [way, distribution(durations[way]).p50]));
  log('p50 ms of interleaved requests', JSON.stringify(p50));
  const added = ways.filter(({ way }) => way === 'proxy' || way === 'server').map(({ way }) => [way, round(p50[way] - p50.pass_through)]);
  return Object.fromEntries(added.filter(([, ms]) => ms !== null));
}
