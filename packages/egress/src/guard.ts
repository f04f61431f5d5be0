import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { AppError } from 'model';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { isGlobalUnicast, normalHost, parseAddress } from './address.js';
import { HostList } from './host-list.js';
import { type EgressLists, EgressPolicy } from './policy.js';

/** Resolves a name to all of its addresses. */
export type Resolver = (hostname: string) => Promise<LookupAddress[]>;

/** Settings of an {@link EgressGuard}. `allow` opens hosts inside; `deny` closes own public hosts; `resolve` asks other name servers than the system's. */
export type GuardOptions = { allow?: HostList; deny?: HostList; policy?: EgressPolicy; resolve?: Resolver; connectTimeoutMs?: number };

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
type Lookup = { hostname: string; port: string; options: LookupOptions; callback: LookupCallback };
/** `open` leads inside: the operator allows the host at whatever address. */
type Verdict = { kind: 'open' } | { kind: 'by-address' } | { kind: 'refused'; why: string };

/** Names that mean the machine or the cloud account itself, wherever they resolve to. */
const insideNames = /(^|\.)(localhost|internal|local|localdomain|home\.arpa|metadata\.goog)$/;

const inside = 'is not on the open internet';
const rememberedOrigins = 10_000;
/** So many environments' own rules keep connections open at once; those used least recently go. */
export const openPolicies = 500;

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
  private readonly narrower = new Map<string, EgressGuard>();

  constructor(private readonly options: GuardOptions = {}) {
    this.allow = options.allow ?? new HostList([]);
    this.deny = options.deny ?? new HostList([]);
    this.resolve = options.resolve ?? resolveBySystem;
    this.dispatcher = new Agent({ connect: (target, callback) => this.connect(target, callback), allowH2: true });
  }

  /**
   * The same way out beneath an environment's own rules. Its connections are its own: one that was made without the rules
   * may lead where they do not.
   */
  under(lists: EgressLists): EgressGuard {
    if (lists.allow.length === 0 && lists.deny.length === 0) return this;
    const key = JSON.stringify([lists.allow, lists.deny]);
    const known = this.narrower.get(key);
    if (known) {
      this.narrower.delete(key);
      this.narrower.set(key, known);
      return known;
    }
    const made = new EgressGuard({ ...this.options, policy: new EgressPolicy(lists) });
    if (this.narrower.size >= openPolicies) this.forgetOldest();
    this.narrower.set(key, made);
    return made;
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
    const verdict = this.verdictOn(url);
    if (verdict.kind === 'refused') throw refusal(`'${url.host}' ${verdict.why}`);
    return url;
  }

  /** Ends all connections, waiting for those in use. */
  async close(): Promise<void> {
    await Promise.all([this.dispatcher.close(), ...[...this.narrower.values()].map((guard) => guard.close())]);
  }

  /**
   * All that a host resolves to, if all of it is allowed: of a mixed answer any could be taken.
   *
   * @throws AppError `url_not_allowed`
   */
  async addressesOf(hostname: string, port: string): Promise<[LookupAddress, ...LookupAddress[]]> {
    const { kind } = this.judge(hostname, port);
    const [first, ...others] = await this.resolve(hostname);
    if (!first) throw refusal(`'${hostname}' ${inside}`);
    for (const { address } of [first, ...others]) {
      const why = (kind !== 'open' && !this.addressAllowed(address, port) ? inside : undefined) ?? this.options.policy?.refusesAddress(hostname, port, address);
      if (why) throw refusal(`'${hostname}' ${why}`);
    }
    return [first, ...others];
  }

  private forgetOldest(): void {
    const [oldest] = this.narrower;
    if (!oldest) return;
    this.narrower.delete(oldest[0]);
    void oldest[1].close();
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
    const byPlatform = this.judgeByPlatform(hostname, port);
    const why = byPlatform.kind === 'refused' ? undefined : this.options.policy?.refusesHost(hostname, port);
    return why ? { kind: 'refused', why } : byPlatform;
  }

  private judgeByPlatform(hostname: string, port: string): Verdict {
    if (this.deny.hasHost(hostname, port)) return { kind: 'refused', why: 'is one of the platform itself' };
    if (this.allow.hasHost(hostname, port)) return { kind: 'open' };
    const address = parseAddress(hostname);
    if (address) return this.addressAllowed(address.toString(), port) ? { kind: 'by-address' } : { kind: 'refused', why: inside };
    // Where networks are allowed, such a name may well lead into one of them; then its addresses decide.
    return insideNames.test(normalHost(hostname)) && !this.allow.hasNetworks ? { kind: 'refused', why: inside } : { kind: 'by-address' };
  }

  private addressAllowed(address: string, port: string): boolean {
    if (this.deny.hasAddress(address, port)) return false;
    return isGlobalUnicast(address) || this.allow.hasAddress(address, port);
  }

  private connect(target: buildConnector.Options, callback: buildConnector.Callback): void {
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    const verdict = this.judge(target.hostname, port);
    if (verdict.kind === 'refused') return callback(refusal(`'${target.hostname}' ${verdict.why}`), null);
    this.connector(port)(target, callback);
  }

  /** One per port, because a look-up is not told the port it is for. */
  private connector(port: string): buildConnector.connector {
    const known = this.connectors.get(port);
    if (known) return known;
    const made = buildConnector({ allowH2: true, timeout: this.options.connectTimeoutMs ?? 10_000, lookup: this.checkedLookup(port) });
    this.connectors.set(port, made);
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
}

function resolveBySystem(hostname: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}

function refusal(why: string): AppError {
  return new AppError('url_not_allowed', { message: `This URL may not be called: ${why}` });
}
