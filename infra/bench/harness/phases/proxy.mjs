import { repeatedLoad } from '../repeated-load.mjs';
import { onBehalfOf, settings } from '../settings.mjs';

const smallBody = '/ping';
const largeBody = '/records?page=1&per_page=1000';

/** Requests through the proxy, beside the same requests sent to the external API directly and, when there is one, through the bare pass-through. */
export async function measureProxy() {
  const figures = {};
  for (const connections of [1, 32]) await measureWays(figures, { suffix: `c${connections}`, path: smallBody, connections });
  await measureWays(figures, { suffix: '286k_c4', path: largeBody, connections: 4 }, { repeats: Math.min(3, settings.repeats), withWrk: false });
  return figures;
}

async function measureWays(figures, { suffix, path, connections }, options) {
  for (const [way, { base, headers }] of Object.entries(ways())) {
    const target = { url: base + path, connections, seconds: settings.durationS, headers };
    figures[`${way}_${suffix}`] = await repeatedLoad(`${way} ${suffix}`, target, options);
  }
}

function ways() {
  const { mockUrl, passThroughUrl, baseUrl, connectionId } = settings;
  const headers = onBehalfOf(connectionId);
  return {
    direct: { base: mockUrl, headers: {} },
    ...(passThroughUrl ? { pass_through: { base: `${passThroughUrl}/proxy`, headers } } : {}),
    proxy: { base: `${baseUrl}/proxy`, headers },
  };
}
