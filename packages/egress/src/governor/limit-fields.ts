import type { IncomingHttpHeaders } from 'node:http';
import type { LimitReading } from './limit-values.js';

type Item = { name: string; parameters: Record<string, number> };

/**
 * `RateLimit` and `RateLimit-Policy` as structured fields (draft-ietf-httpapi-ratelimit-headers): `"default";r=50;t=30` and
 * `"default";q=100;w=60`; of the drafts between, `limit=100, remaining=50, reset=5` too.
 */
export function fieldReadings(headers: IncomingHttpHeaders, now: number): LimitReading[] {
  const field = textOf(headers['ratelimit']);
  const policies = itemsOf(textOf(headers['ratelimit-policy']));
  const items = itemsOf(field);
  if (items.some(({ parameters }) => parameters['r'] !== undefined)) return items.flatMap((item) => readingOf(item, policies, now));
  return dictionaryReading(field, policies[0], now);
}

function readingOf({ name, parameters }: Item, policies: readonly Item[], now: number): LimitReading[] {
  const { r: remaining, t: seconds } = parameters;
  if (remaining === undefined) return [];
  const policy = policies.find((other) => other.name === name)?.parameters;
  const resetsAt = seconds === undefined ? null : now + seconds * 1_000;
  return [{ name, remaining, capacity: policy?.['q'] ?? null, resetsAt, windowMs: windowOf(policy) }];
}

function dictionaryReading(field: string, policy: Item | undefined, now: number): LimitReading[] {
  const value = (key: string): number | null => {
    const text = new RegExp(`(?:^|[,;\\s])${key}=(\\d+)`).exec(field)?.[1];
    return text === undefined ? null : Number(text);
  };
  const [remaining, capacity, seconds] = [value('remaining'), value('limit'), value('reset')];
  if (remaining === null) return [];
  return [{ name: 'default', remaining, capacity, resetsAt: seconds === null ? null : now + seconds * 1_000, windowMs: windowOf(policy?.parameters) }];
}

const windowOf = (parameters: Record<string, number> | undefined): number | null => (parameters?.['w'] === undefined ? null : parameters['w'] * 1_000);

function itemsOf(field: string): Item[] {
  return field.split(',').flatMap((part) => {
    const [head = '', ...rest] = part.split(';');
    const name = head.trim().replace(/^"|"$/g, '') || 'default';
    const pairs = rest.flatMap((text) => {
      const [, key, number] = /^\s*([a-z]+)\s*=\s*"?(\d+)"?\s*$/.exec(text) ?? [];
      return key === undefined ? [] : [[key, Number(number)] as const];
    });
    return pairs.length > 0 ? [{ name, parameters: Object.fromEntries(pairs) }] : [];
  });
}

const textOf = (value: string | string[] | undefined): string => (Array.isArray(value) ? value.join(',') : (value ?? ''));
