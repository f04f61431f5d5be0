import { stringify } from '../intrinsics.js';

/** Enough to understand an error by; more would only fill the logs. */
const maxPayload = 64_000;
const bounds = { depth: 8, entries: 100, text: 2_000 };

/** A payload as plain JSON that fits: whole when it is small, else with its long texts, lists and branches cut. */
export function fitPayload(value: unknown): unknown {
  const whole = toJson(value);
  if (whole === undefined || whole.length <= maxPayload) return whole === undefined ? undefined : JSON.parse(whole);
  const cut = cutValue(JSON.parse(whole), 0);
  const json = stringify(cut);
  return json.length <= maxPayload ? cut : { truncated: true, start: whole.slice(0, maxPayload / 2) };
}

/** @returns the text, or its start with a mark. */
export function cutText(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}... (truncated)`;
}

function toJson(value: unknown): string | undefined {
  try {
    return stringify(value);
  } catch {
    return stringify({ unserializable: true });
  }
}

function cutValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cutText(value, bounds.text);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= bounds.depth) return '(truncated)';
  if (Array.isArray(value)) return value.slice(0, bounds.entries).map((item) => cutValue(item, depth + 1));
  const entries = Object.entries(value).slice(0, bounds.entries);
  return Object.fromEntries(entries.map(([key, item]) => [key, cutValue(item, depth + 1)]));
}
