import { repeatedLoad } from '../repeated-load.mjs';
import { authorization, settings } from '../settings.mjs';

/** Reading one connection with its credentials, from the proxy's memory; and with its refresh token, which takes the ordinary route. */
export async function measureConnection() {
  const { baseUrl, connectionId, providerConfigKey, durationS } = settings;
  const url = `${baseUrl}/connection/${encodeURIComponent(connectionId)}?provider_config_key=${encodeURIComponent(providerConfigKey)}`;
  const figures = {};
  for (const connections of [1, 16])
    figures[`c${connections}`] = await repeatedLoad('connection', { url, connections, seconds: durationS, headers: authorization });
  figures.ordinary_c16 = await repeatedLoad('connection, ordinary', {
    url: `${url}&refresh_token=true`,
    connections: 16,
    seconds: durationS,
    headers: authorization,
  });
  return figures;
}
