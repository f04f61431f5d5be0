import { interpolate, type PlaceholderValues } from 'providers';
import type { ReadContext } from './mode.js';

/** A value of JSON. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** What placeholders of a token request can name: the given fields by themselves and as `credentials.x`, the connection's config, the client. */
export function templateValues({ connectionConfig, client }: ReadContext, fields: Record<string, unknown>, more: PlaceholderValues = {}): PlaceholderValues {
  return { ...fields, credentials: fields, connectionConfig, clientId: client.id, clientSecret: client.secret, ...more };
}

/** Headers with their placeholders filled in, names in lower case. One that lacks a value is left out, since optional fields may be empty. */
export function filledHeaders(templates: Record<string, string> | undefined, values: PlaceholderValues): Record<string, string> {
  const filled = Object.entries(templates ?? {}).map(([name, template]) => ({ name: name.toLowerCase(), ...interpolate(template, values) }));
  return Object.fromEntries(filled.filter(({ missing }) => missing.length === 0).map(({ name, text }) => [name, text]));
}

/** JSON with its placeholders filled in at any depth. What lacks a value is left out, and so is a list or object of which nothing is left. */
export function filledJson(template: Record<string, Json> | undefined, values: PlaceholderValues, now?: Date): Record<string, Json> {
  const filled = filledValue(template ?? {}, values, now);
  return filled === undefined ? {} : (filled as Record<string, Json>); // an object stays one
}

function filledValue(template: Json, values: PlaceholderValues, now?: Date): Json | undefined {
  if (typeof template === 'string') {
    const { text, missing } = interpolate(template, values, now);
    return missing.length > 0 ? undefined : text;
  }
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) {
    const items = template.map((item) => filledValue(item, values, now)).filter((item) => item !== undefined);
    return items.length === 0 && template.length > 0 ? undefined : items;
  }
  const entries = Object.entries(template).map(([name, item]) => [name, filledValue(item, values, now)] as const);
  const known = entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined);
  return known.length === 0 && entries.length > 0 ? undefined : Object.fromEntries(known);
}
