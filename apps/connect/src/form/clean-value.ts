import type { FormField } from './form-fields.js';

/** What copying adds at the ends of a value: white space, byte-order marks, zero-width characters. The server removes the same. */
const edges = /^[\s\u200B-\u200D\u2060\uFEFF]+|[\s\u200B-\u200D\u2060\uFEFF]+$/g;
/** A password may begin or end with plain spaces. */
const edgesOfPassword = /^[\t\r\n\u200B-\u200D\u2060\uFEFF]+|[\t\r\n\u200B-\u200D\u2060\uFEFF]+$/g;
const scheme = /^https?:\/\//i;

type Shape = Pick<FormField, 'name' | 'format' | 'prefix' | 'suffix' | 'enum'>;

/** The value that is meant: without what copying added, and without a prefix or suffix that the form shows already. */
export function cleanValue(field: Shape, typed: string): string {
  const value = typed.replaceAll(field.name === 'password' ? edgesOfPassword : edges, '');
  if (field.enum) return value;
  return withoutAffixes(field, isPartOfHost(field) ? withoutUrlParts(field, value) : value);
}

function withoutAffixes({ prefix = '', suffix = '' }: Shape, value: string): string {
  const tail = startsWith(value, prefix) ? value.slice(prefix.length) : value;
  return endsWith(tail, suffix) ? tail.slice(0, tail.length - suffix.length) : tail;
}

function isPartOfHost({ format, prefix = '', suffix = '' }: Shape): boolean {
  return format === 'hostname' || scheme.test(prefix) || /^\.[a-z0-9.-]+$/i.test(suffix);
}

/** Of a whole URL its host, where that is the field's value beyond doubt: the suffix is at its end, or the field takes any host. */
function withoutUrlParts({ format, suffix = '' }: Shape, value: string): string {
  if (format === 'uri') return value;
  const host = value.replace(scheme, '').replace(/[/?#].*$/s, '');
  if (suffix !== '') return endsWith(host, suffix) ? host : value;
  return format === 'hostname' && scheme.test(value) ? host : value;
}

/** An affix alone is no value with its affix left out. */
function startsWith(value: string, prefix: string): boolean {
  return prefix !== '' && value.length > prefix.length && value.toLowerCase().startsWith(prefix.toLowerCase());
}

function endsWith(value: string, suffix: string): boolean {
  return suffix !== '' && value.length > suffix.length && value.toLowerCase().endsWith(suffix.toLowerCase());
}
