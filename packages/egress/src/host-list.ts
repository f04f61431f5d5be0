import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { normalHost, parseAddress } from './address.js';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];
type Entry = { host: string; port: string | undefined } | { network: Network };

/** Hosts and networks that a setting names. */
export class HostList {
  constructor(private readonly entries: readonly Entry[]) {}

  /** Whether any whole network is named. */
  get hasNetworks(): boolean {
    return this.entries.some((entry) => 'network' in entry);
  }

  /** Whether the host as written in a URL is named, by itself or with this port. */
  hasHost(host: string, port: string): boolean {
    const wanted = normalHost(host);
    return this.entries.some((entry) => 'host' in entry && entry.host === wanted && (entry.port === undefined || entry.port === port));
  }

  /** Whether an address is named, or lies in a named network. */
  hasAddress(address: string, port: string): boolean {
    if (this.entries.length === 0) return false;
    const parsed = parseAddress(address);
    return parsed !== undefined && (this.hasHost(parsed.toString(), port) || this.entries.some((entry) => 'network' in entry && within(parsed, entry.network)));
  }
}

/**
 * Reads a comma-separated list of `host`, `host:port` and CIDR, such as `NANGO_EGRESS_ALLOW`.
 *
 * @param setting what the list is called in the error.
 */
export function parseHostList(text: string, setting: string): HostList {
  const items = text.split(',').map((item) => item.trim());
  return new HostList(items.filter((item) => item !== '').map((item) => parseEntry(item, setting)));
}

function parseEntry(item: string, setting: string): Entry {
  if (item.includes('/')) {
    if (!ipaddr.isValidCIDR(item)) throw nonsense(item, setting);
    return { network: ipaddr.parseCIDR(item) };
  }
  const whole = isIP(item) ? parseAddress(item) : undefined;
  if (whole) return { host: whole.toString(), port: undefined };
  const [, host = '', port] = /^(\[[^\]]*\]|[^:[\]]+)(?::(\d+))?$/.exec(item) ?? [];
  const address = isIP(normalHost(host)) ? parseAddress(host) : undefined;
  if (!address && !isHostName(host)) throw nonsense(item, setting);
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) throw nonsense(item, setting);
  return { host: address ? address.toString() : normalHost(host), port: port === undefined ? undefined : String(Number(port)) };
}

/** Names of letters, digits and hyphens. Numbers alone are no name: they are a mistyped address. */
function isHostName(host: string): boolean {
  return /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(host) && !/^[\d.]+$/.test(host);
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function nonsense(item: string, setting: string): Error {
  return new Error(`${setting}: '${item}' is neither a host, nor host:port, nor a network such as 10.0.0.0/8`);
}
