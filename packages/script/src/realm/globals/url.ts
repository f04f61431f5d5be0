import type { HostComputation } from '../../protocol.js';
import type { Host } from '../host.js';
import { SearchParams } from './search-params.js';

type Parts = {
  href: string;
  origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  hash: string;
};
type PartName = Exclude<keyof Parts, 'origin'>;

/** The `URL` class of the realm (WHATWG): the host parses, so that no table of its own is loaded here. */
export function makeUrlClass(host: Host): unknown {
  const parse = (args: Record<string, unknown>, name: HostComputation = 'url.parse'): Parts => host.compute<Parts>(name, args);

  class URL {
    #parts: Parts;
    readonly searchParams: SearchParams;

    constructor(url: unknown, base?: unknown) {
      this.#parts = parse({ url: String(url), ...(base === undefined ? {} : { base: String(base) }) });
      this.searchParams = new SearchParams(this.#parts.search, (query) => this.set('search', query));
    }

    static canParse(url: unknown, base?: unknown): boolean {
      return URL.parse(url, base) !== null;
    }

    static parse(url: unknown, base?: unknown): URL | null {
      try {
        return new URL(url, base);
      } catch {
        return null;
      }
    }

    get(name: keyof Parts): string {
      return this.#parts[name];
    }

    set(name: PartName, value: unknown): void {
      this.#parts = parse({ href: this.#parts.href, name, value: String(value) }, 'url.set');
      if (name === 'search' || name === 'href') this.searchParams.replace(this.#parts.search);
    }

    get origin(): string {
      return this.#parts.origin;
    }

    toString(): string {
      return this.#parts.href;
    }

    toJSON(): string {
      return this.#parts.href;
    }

    get [Symbol.toStringTag](): string {
      return 'URL';
    }
  }

  defineParts(URL.prototype);
  return URL;
}

const partNames: PartName[] = ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];

/** Getters and setters, all alike; `get` and `set` themselves go out of sight. */
function defineParts(prototype: { get(name: keyof Parts): string; set(name: PartName, value: unknown): void }): void {
  const { get, set } = prototype;
  for (const name of partNames) {
    Object.defineProperty(prototype, name, {
      get(this: typeof prototype) {
        return get.call(this, name);
      },
      set(this: typeof prototype, value: unknown) {
        set.call(this, name, value);
      },
      enumerable: true,
      configurable: true,
    });
  }
  Object.defineProperty(prototype, 'get', { enumerable: false });
  Object.defineProperty(prototype, 'set', { enumerable: false });
}
