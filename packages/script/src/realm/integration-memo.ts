import type { IntegrationWithSecrets } from 'model';
import { NangoError } from './error/nango-error.js';
import { askPlatform } from './platform.js';
import type { Run } from './run.js';

const memoMs = 600_000;
const parts = ['webhook', 'credentials'] as const;
type Part = (typeof parts)[number];

/** A script's integration, remembered for ten minutes per set of what is included. */
export class IntegrationMemo {
  readonly #run: Run;
  readonly #known = new Map<string, { integration: IntegrationWithSecrets; until: number }>();

  constructor(run: Run) {
    this.#run = run;
  }

  async get({ include }: { include?: unknown } = {}): Promise<IntegrationWithSecrets> {
    const wanted = checked(include ?? []);
    const key = wanted.join(',');
    const known = this.#known.get(key);
    if (known && known.until > this.#run.now()) return known.integration;
    const integration = await askPlatform(this.#run, 'getIntegration', { include: wanted });
    this.#known.set(key, { integration, until: this.#run.now() + memoMs });
    return integration;
  }
}

/** In one order, so that equal sets are one. */
function checked(include: unknown): Part[] {
  if (!Array.isArray(include)) throw new NangoError('script_internal_error', "getIntegration: 'include' is a list of 'webhook' and 'credentials'");
  const unknown = include.find((part: unknown) => !parts.some((known) => known === part));
  if (unknown !== undefined) throw new NangoError('script_internal_error', `getIntegration cannot include '${String(unknown)}'`);
  return parts.filter((part) => include.includes(part));
}
