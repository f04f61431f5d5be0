import { parseAddress } from './address.js';
import { HostList, parseHostList } from './host-list.js';

/** What an environment lets its calls reach: with an allow-list nothing else, and never what is denied. Either list may be empty. */
export type EgressLists = { allow: readonly string[]; deny: readonly string[] };

/**
 * An environment's own rules. They only take away: what the platform refuses, no environment can open. A host may be named
 * itself or by an address that it resolves to, so the last word falls when it is resolved.
 */
export class EgressPolicy {
  private readonly allow: HostList;
  private readonly deny: HostList;

  constructor(lists: EgressLists) {
    this.allow = parseHostList(lists.allow.join(','), "the environment's allow-list");
    this.deny = parseHostList(lists.deny.join(','), "the environment's deny-list");
  }

  /** Why the host may not be called whatever it resolves to; nothing where that is open. */
  refusesHost(host: string, port: string): string | undefined {
    if (this.deny.hasHost(host, port) || this.deny.hasAddress(host, port)) return denied;
    const isDecidedLater = this.allow.hasAddresses && !parseAddress(host);
    return this.allows(host, port) || isDecidedLater ? undefined : notAllowed;
  }

  /** Why a host may not be called at an address that it resolved to. */
  refusesAddress(host: string, port: string, address: string): string | undefined {
    if (this.deny.hasAddress(address, port)) return denied;
    return this.allows(host, port) || this.allow.hasAddress(address, port) ? undefined : notAllowed;
  }

  private allows(host: string, port: string): boolean {
    return this.allow.isEmpty || this.allow.hasHost(host, port) || this.allow.hasAddress(host, port);
  }
}

const denied = "is on the environment's deny-list";
const notAllowed = "is not on the environment's allow-list";
