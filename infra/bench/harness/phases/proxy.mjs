import { addedLatency } from '../added-latency.mjs';
import { alternatingLoads } from '../alternating-loads.mjs';
import { onBehalfOf, settings } from '../settings.mjs';

/** What is asked for, and over how many connections at once. */
const loads = {
  c1: { path: '/ping', connections: 1 },
  c32: { path: '/ping', connections: 32 },
  '286k_c4': { path: '/records?page=1&per_page=1000', connections: 4 },
};

/** Requests by every way to the external API, in turns: straight to it, through the bare pass-through, the proxy's own port, the server's port. */
export async function measureProxy() {
  const figures = {};
  for (const [name, { path, connections }] of Object.entries(loads)) {
    const targets = ways().map(({ way, base, headers }) => [`${way}_${name}`, { url: base + path, connections, seconds: settings.durationS, headers }]);
    Object.assign(figures, await alternatingLoads(Object.fromEntries(targets)));
  }
  return { ...figures, added_ms: await addedLatency(ways(), loads.c1.path) };
}

function ways() {
  const { mockUrl, passThroughUrl, proxyUrl, baseUrl, connectionId } = settings;
  const headers = onBehalfOf(connectionId);
  const all = [
    { way: 'direct', base: mockUrl, headers: {} },
    { way: 'pass_through', base: passThroughUrl && `${passThroughUrl}/proxy`, headers },
    { way: 'proxy', base: proxyUrl && `${proxyUrl}/proxy`, headers },
    { way: 'server', base: `${baseUrl}/proxy`, headers },
  ];
  return all.filter(({ base }) => base);
}
