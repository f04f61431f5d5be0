import ipaddr from 'ipaddr.js';

/** Public by range, private by use: Azure's host agent answers here on every machine it runs. */
const neverAllowed = new Set(['168.63.129.16']);

/** The only block of IPv6 that is given out to hosts; ipaddr.js also calls `::7f00:1` (an embedded 127.0.0.1) unicast. */
const globalIpv6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an IP address is one of the open internet: what is special in any way is not. */
export function isGlobalUnicast(address: string): boolean {
  if (neverAllowed.has(address)) return false;
  const parsed = parseAddress(address);
  if (!parsed || parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6 ? parsed.match(globalIpv6) : true;
}

/** An address without its brackets and zone; nothing for a name. */
export function parseAddress(host: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(bare) ? ipaddr.parse(bare) : undefined;
}

/** A host as it is compared: lower case, no brackets, no dot at its end. */
export function normalHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
