import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { AppError } from 'model';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { isGlobalUnicast, normalHost, parseAddress } from './address.js';
import { HostList } from './host-list.js';
import { readIntoBlocks } from './read-blocks.js';

/** Resolves a name to all of its addresses. */
export type Resolver = (hostname: string) => Promise<LookupAddress[]>;

/** Settings of an {@link EgressGuard}. `allow` opens hosts inside; `deny` closes own public hosts; `resolve` is for tests. */
export type GuardOptions = { allow?: HostList; deny?: HostList; resolve?: Resolver; connectTimeoutMs?: number };

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
type Lookup = { hostname: string; port: string; options: LookupOptions; callback: LookupCallback };
type Verdict = { kind: 'open' } | { kind: 'by-address' } | { kind: 'refused' };

/** Names that mean the machine or the cloud account itself, wherever they resolve to. */
const insideNames = /(^|\.)(localhost|internal|local|localdomain|home\.arpa|metadata\.goog)$/;

const rememberedOrigins = 10_000;

/**
 * The way out. Every connection of {@link dispatcher} goes to an address of the open internet or to a host that was explicitly
 * allowed: a name is resolved once, all its addresses are checked, and the connection is made to what was checked.
 */
export class EgressGuard {
  /** Makes the connections. Holds no redirects, retries or proxies of its own. */
  readonly dispatcher: Dispatcher;
  private readonly allow: HostList;
  private readonly deny: HostList;
  private readonly resolve: Resolver;
  private readonly verdicts = new Map<string, Verdict>();
  private readonly connectors = new Map<string, buildConnector.connector>();

  constructor(private readonly options: GuardOptions = {}) {
    this.allow = options.allow ?? new HostList([]);
    this.deny = options.deny ?? new HostList([]);
    this.resolve = options.resolve ?? resolveBySystem;
    this.dispatcher = new Agent({ connect: (target, callback) => this.connect(target, callback), allowH2: false });
  }

  /**
   * Parses a URL and refuses what is plainly not allowed. Names are checked when they are resolved, by the dispatcher.
   *
   * @throws AppError `url_not_allowed`
   */
  check(text: string | URL, base?: URL): URL {
    const url = typeof text === 'string' ? URL.parse(text, base) : text;
    if (!url) throw refusal('this is no URL');
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refusal(`only http and https lead out, not ${url.protocol}`);
    if (this.verdictOn(url).kind === 'refused') throw refusal(`'${url.host}' is not on the open internet`);
    return url;
  }

  /** Ends all connections, waiting for those in use. */
  close(): Promise<void> {
    return this.dispatcher.close();
  }

  private verdictOn({ origin, hostname, port, protocol }: URL): Verdict {
    const known = this.verdicts.get(origin);
    if (known) return known;
    const verdict = this.judge(hostname, port || (protocol === 'https:' ? '443' : '80'));
    if (this.verdicts.size >= rememberedOrigins) this.verdicts.clear();
    this.verdicts.set(origin, verdict);
    return verdict;
  }

  private judge(hostname: string, port: string): Verdict {
    if (this.deny.hasHost(hostname, port)) return { kind: 'refused' };
    if (this.allow.hasHost(hostname, port)) return { kind: 'open' };
    const address = parseAddress(hostname);
    if (address) return this.addressAllowed(address.toString(), port) ? { kind: 'by-address' } : { kind: 'refused' };
    // Where networks are allowed, such a name may well lead into one of them; then its addresses decide.
    return insideNames.test(normalHost(hostname)) && !this.allow.hasNetworks ? { kind: 'refused' } : { kind: 'by-address' };
  }

  private addressAllowed(address: string, port: string): boolean {
    if (this.deny.hasAddress(address, port)) return false;
    return isGlobalUnicast(address) || this.allow.hasAddress(address, port);
  }

  private connect(target: buildConnector.Options, callback: buildConnector.Callback): void {
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    const verdict = this.judge(target.hostname, port);
    if (verdict.kind === 'refused') return callback(refusal(`'${target.hostname}' is not on the open internet`), null);
    this.connector(verdict.kind === 'open' ? 'open' : port, target.protocol)(target, callback);
  }

  /** One per port, because a look-up is not told the port it is for; one without checks for hosts allowed by name. */
  private connector(port: string, protocol: string): buildConnector.connector {
    const key = `${protocol}${port}`;
    const known = this.connectors.get(key);
    if (known) return known;
    const settings = { allowH2: false, timeout: this.options.connectTimeoutMs ?? 10_000, ...(protocol === 'http:' ? { onread: readIntoBlocks } : {}) };
    const made = buildConnector(port === 'open' ? settings : { ...settings, lookup: this.checkedLookup(port) });
    this.connectors.set(key, made);
    return made;
  }

  private checkedLookup(port: string) {
    return (hostname: string, options: LookupOptions, callback: LookupCallback): void => void this.answerLookup({ hostname, port, options, callback });
  }

  private async answerLookup({ hostname, port, options, callback }: Lookup): Promise<void> {
    const addresses = await this.addressesOf(hostname, port).catch((error: Error) => error);
    if (addresses instanceof Error) return callback(addresses, []);
    return options.all ? callback(null, addresses) : callback(null, addresses[0].address, addresses[0].family);
  }

  /** All that a name resolves to, if all of it is allowed: of a mixed answer any could be taken. */
  private async addressesOf(hostname: string, port: string): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...others] = await this.resolve(hostname);
    if (first && [first, ...others].every(({ address }) => this.addressAllowed(address, port))) return [first, ...others];
    throw refusal(`'${hostname}' is not on the open internet`);
  }
}

function resolveBySystem(hostname: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}

function refusal(why: string): AppError {
  return new AppError('url_not_allowed', { message: `This URL may not be called: ${why}` });
}
