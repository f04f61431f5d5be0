import { type LookupAddress, promises } from 'node:dns';
import type { Resolver } from './guard.js';

/** A name that has no addresses of one kind may have some of the other. */
const noAddresses = new Set(['ENODATA', 'ENOTFOUND']);

/**
 * Asks these name servers instead of the system's resolver. Answers are not kept: whoever connects asks anew.
 *
 * @param servers comma-separated addresses, with a port where it is not 53, such as `NANGO_EGRESS_DNS`
 * @throws when one of them is no address
 */
export function nameServers(servers: string): Resolver {
  const resolver = new promises.Resolver({ timeout: 2_000, tries: 3 });
  resolver.setServers(servers.split(',').map((server) => server.trim()));
  return async (hostname) => {
    const [first, second] = await Promise.all([answered(resolver.resolve4(hostname), 4), answered(resolver.resolve6(hostname), 6)]);
    return [...first, ...second];
  };
}

async function answered(answer: Promise<string[]>, family: 4 | 6): Promise<LookupAddress[]> {
  try {
    return (await answer).map((address) => ({ address, family }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && noAddresses.has(String(error.code))) return [];
    throw error;
  }
}
