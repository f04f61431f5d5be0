import type { HostComputation } from 'script';
import { type Arguments, cryptoComputations } from './crypto-computations.js';

/** Answers one computation; arguments and answer are JSON. Never throws: a refusal is an answer too. */
export type Compute = (name: HostComputation, argumentsJson: string) => string;

/** What the realm's language lacks, on text alone: one for each realm. */
export function makeCompute(): Compute {
  const computations: Record<HostComputation, (args: Arguments) => unknown> = { ...urlComputations, ...cryptoComputations() };
  return (name, argumentsJson) => {
    try {
      if (!Object.hasOwn(computations, name)) throw new TypeError('There is no such computation');
      return JSON.stringify(computations[name](JSON.parse(argumentsJson) as Arguments));
    } catch (error) {
      return JSON.stringify({ error: error instanceof Error ? error.message : 'The computation failed' });
    }
  };
}

const urlComputations = {
  'url.parse': ({ url, base }: Arguments) => urlParts(base === undefined ? new URL(String(url)) : new URL(String(url), String(base))),
  'url.set': ({ href, name, value }: Arguments) => {
    const url = new URL(String(href));
    if (!isPartName(name)) throw new TypeError('No such part of a URL');
    url[name] = String(value);
    return urlParts(url);
  },
};

const partNames = ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;

function isPartName(name: unknown): name is (typeof partNames)[number] {
  return partNames.some((known) => known === name);
}

function urlParts(url: URL): Record<string, string> {
  return Object.fromEntries([...partNames, 'origin' as const].map((name) => [name, url[name]]));
}
