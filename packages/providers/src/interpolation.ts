import { randomUUID } from 'node:crypto';
import { applyFunction } from './interpolation-functions.js';
import { formatTime } from './time-format.js';

/** What placeholders name: `${apiKey}`, `${connectionConfig.subdomain}`. Values that are neither text nor number count as absent. */
export type PlaceholderValues = { readonly [name: string]: unknown };

/** A template with its placeholders filled in. Those without a value stay as written and are named in `missing`. `template` is the alternative taken. */
export type Interpolation = { text: string; missing: string[]; template: string };

/**
 * Fills the placeholders of a catalogue string (surface 5.7): values by dotted name, `${base64(...)}`, hashes and signatures over
 * nested templates, `${now}` and `${now:YYYY-MM-DD}`, `${random}`, and `A || B`, which takes B where A lacks a value.
 *
 * @example interpolate('Bearer ${apiKey}', { apiKey: 'k' }).text // 'Bearer k'
 */
export function interpolate(template: string, values: PlaceholderValues, now: Date = new Date()): Interpolation {
  let result: Interpolation = { text: template, missing: [], template };
  for (const alternative of alternatives(template)) {
    result = fill(alternative, values, now);
    if (result.missing.length === 0) break;
  }
  return result;
}

/** The alternatives of a template: its parts between `||` outside of placeholders. */
export function alternatives(template: string): string[] {
  if (!template.includes('||')) return [template];
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < template.length; at++) {
    if (template.startsWith('${', at)) at = closingBrace(template, at + 2);
    else if (template.startsWith('||', at)) {
      parts.push(template.slice(from, at).trim());
      from = at + 2;
      at++;
    }
  }
  return [...parts, template.slice(from).trim()];
}

function fill(template: string, values: PlaceholderValues, now: Date): Interpolation {
  const missing: string[] = [];
  let text = '';
  let at = 0;
  for (let start = template.indexOf('${'); start !== -1; start = template.indexOf('${', at)) {
    const end = closingBrace(template, start + 2);
    text += template.slice(at, start);
    const expression = template.slice(start + 2, end);
    const value = evaluate(expression, values, now);
    if (value === undefined) missing.push(expression);
    text += value ?? template.slice(start, end + 1);
    at = end + 1;
  }
  return { text: text + template.slice(at), missing, template };
}

/** Where the placeholder that was opened before `at` closes; the template's end where it never does. */
function closingBrace(template: string, at: number): number {
  let depth = 1;
  for (; at < template.length; at++) {
    if (template[at] === '{') depth++;
    else if (template[at] === '}' && --depth === 0) return at;
  }
  return template.length;
}

function evaluate(expression: string, values: PlaceholderValues, now: Date): string | undefined {
  const call = /^(\w+)\((.*)\)$/s.exec(expression);
  if (call) return applyFunction(call[1] ?? '', call[2] ?? '', (argument) => filled(argument, values, now));
  if (expression === 'now') return now.toISOString();
  if (expression.startsWith('now:')) return formatTime(expression.slice('now:'.length), now);
  if (expression === 'random') return randomUUID();
  return lookUp(expression, values);
}

/** A template's text; nothing where a value is missing. */
function filled(template: string, values: PlaceholderValues, now: Date): string | undefined {
  const { text, missing } = fill(template, values, now);
  return missing.length > 0 ? undefined : text;
}

function lookUp(path: string, values: PlaceholderValues): string | undefined {
  let value: unknown = values;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    // an object that has the key, checked above
    value = (value as Record<string, unknown>)[key];
  }
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
