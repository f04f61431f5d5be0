import { EgressGuard, type HostList, nameServers, parseHostList } from 'egress';
import { ConfigurationError } from 'service';
import type { ProxyConfig } from '../config.js';

type EgressConfig = Pick<ProxyConfig, 'NANGO_EGRESS_ALLOW' | 'NANGO_EGRESS_DENY' | 'NANGO_EGRESS_DNS' | 'NANGO_SERVER_URL'>;

/** The way out as the operator sets it. @throws ConfigurationError for a list or an address that is no good */
export function guardFrom({ NANGO_EGRESS_ALLOW, NANGO_EGRESS_DENY, NANGO_EGRESS_DNS, NANGO_SERVER_URL }: EgressConfig): EgressGuard {
  const own = NANGO_SERVER_URL === undefined ? '' : ownHosts(NANGO_SERVER_URL);
  return new EgressGuard({
    allow: hostListFrom(NANGO_EGRESS_ALLOW, 'NANGO_EGRESS_ALLOW'),
    deny: hostListFrom(`${NANGO_EGRESS_DENY},${own}`, 'NANGO_EGRESS_DENY'),
    ...(NANGO_EGRESS_DNS === '' ? {} : { resolve: checked(() => nameServers(NANGO_EGRESS_DNS), 'NANGO_EGRESS_DNS') }),
  });
}

/** A setting that lists hosts. @throws ConfigurationError that names the bad entry */
export function hostListFrom(text: string, setting: string): HostList {
  return checked(() => parseHostList(text, setting));
}

/** The platform must not be made to call itself, whatever stands before it. Other ports of its host are not its own. */
function ownHosts(serverUrl: string): string {
  const url = URL.parse(serverUrl);
  if (!url) throw new ConfigurationError(`NANGO_SERVER_URL: '${serverUrl}' is no URL`);
  return url.port === '' ? `${url.hostname}:80,${url.hostname}:443` : url.host;
}

function checked<T>(make: () => T, setting?: string): T {
  try {
    return make();
  } catch (error) {
    const message = error instanceof Error ? error.message : 'is no good';
    throw new ConfigurationError(setting ? `${setting}: ${message}` : message);
  }
}
