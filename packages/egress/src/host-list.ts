import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { normalHost, parseAddress } from './address.js';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];
type Entry = { host: string; port: string | undefined } | { suffix: string; port: string | undefined } | { network: Network };

/** Hosts and networks that a setting names. */
export class HostList {
  constructor(private readonly entries: readonly Entry[]) {}

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** Whether any whole network is named. */
  get hasNetworks(): boolean {
    return this.entries.some((entry) => 'network' in entry);
  }

  /** Whether any address or network is named, so that what a name resolves to may matter. */
  get hasAddresses(): boolean {
    return this.entries.some((entry) => 'network' in entry || ('host' in entry && parseAddress(entry.host) !== undefined));
  }

  /** Whether the host as written in a URL is named, by itself or with this port. */
  hasHost(host: string, port: string): boolean {
    const wanted = normalHost(host);
    return this.entries.some((entry) => names(entry, wanted) && (entry.port === undefined || entry.port === port));
  }

  /** Whether an address is named, or lies in a named network. */
  hasAddress(address: string, port: string): boolean {
    if (this.entries.length === 0) return false;
    const parsed = parseAddress(address);
    return parsed !== undefined && (this.hasHost(parsed.toString(), port) || this.entries.some((entry) => 'network' in entry && within(parsed, entry.network)));
  }
}

/** Whether an entry is this host, or stands for all below a domain: `*.example.com` is not `example.com` itself. */
function names(entry: Entry, host: string): entry is Exclude<Entry, { network: Network }> {
  return 'host' in entry ? entry.host === host : 'suffix' in entry && host.endsWith(entry.suffix);
}

/**
 * Reads a comma-separated list of `host`, `*.domain`, either with `:port`, and CIDR, such as `NANGO_EGRESS_ALLOW`.
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
  const [, wildcard, host = '', portText] = /^(\*\.)?(\[[^\]]*\]|[^:[\]]+)(?::(\d+))?$/.exec(item) ?? [];
  const address = isIP(normalHost(host)) ? parseAddress(host) : undefined;
  if (address ? wildcard : !isHostName(host)) throw nonsense(item, setting);
  if (portText !== undefined && (Number(portText) < 1 || Number(portText) > 65_535)) throw nonsense(item, setting);
  const port = portText === undefined ? undefined : String(Number(portText));
  return wildcard ? { suffix: `.${normalHost(host)}`, port } : { host: address ? address.toString() : normalHost(host), port };
}

/** Names of letters, digits and hyphens. Numbers alone are no name: they are a mistyped address. */
function isHostName(host: string): boolean {
  return /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(host) && !/^[\d.]+$/.test(host);
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function nonsense(item: string, setting: string): Error {
  return new Error(`${setting}: '${item}' is neither a host, nor *.domain, nor either with a port, nor a network such as 10.0.0.0/8`);
}
