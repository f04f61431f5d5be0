import { z } from 'zod';
import { alternatives } from './interpolation.js';
import { Provider } from './provider.js';

/** An integration's own values of `integration_config`, by field. */
type Values = Readonly<Record<string, unknown>>;

const placeholder = /\$\{integrationConfig\.([\w-]+)\}/g;
/** Entries of one provider that are kept; an entry costs about 0.3 ms to make. */
const maxPerProvider = 500;

const templates = new WeakMap<Provider, Record<string, unknown>>();
const specialised = new WeakMap<Provider, Map<string, Provider>>();

/**
 * A provider's entry as one integration sees it: every `${integrationConfig.x}` replaced by the integration's value, else by the field's
 * `default_value`. A key whose value names a field without either is left out. Memoised.
 *
 * @throws ZodError when a value does not fit where the entry puts it
 */
export function integrationProvider(provider: Provider, config: Values = {}): Provider {
  if (!provider.integration_config) return provider;
  const known = specialised.get(provider) ?? new Map<string, Provider>();
  specialised.set(provider, known);
  const key = JSON.stringify(Object.entries(config).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const made = known.get(key) ?? specialise(provider, config);
  known.delete(key); // the oldest stands first
  known.set(key, made);
  if (known.size > maxPerProvider) known.delete(known.keys().next().value ?? '');
  return made;
}

/**
 * An entry of the catalogue that has `integration_config`, checked with each field's default or example filled in. What it answers has
 * the defaults filled in and keeps the placeholders of required fields; it stands for the entry until an integration's values are known.
 */
export function parseTemplate(fields: Record<string, unknown>): z.ZodSafeParseResult<Provider> {
  const declared = Provider.shape.integration_config.safeParse(fields['integration_config']);
  if (!declared.success || !declared.data) return Provider.safeParse(fields);
  const sample = Object.entries(declared.data).map(([name, { default_value, example }]) => [name, default_value ?? example]);
  const checked = parseFilled(fields, Object.fromEntries(sample) as Values);
  if (!checked.success) return checked;
  const result = parseFilled(fields, { ...unknownOf(declared.data), ...defaultsOf(checked.data) });
  const provider = result.success ? result.data : checked.data;
  templates.set(provider, fields);
  return { success: true, data: provider };
}

function specialise(provider: Provider, config: Values): Provider {
  const given = Object.entries(config).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const result = parseFilled(templates.get(provider) ?? provider, { ...defaultsOf(provider), ...Object.fromEntries(given) });
  if (!result.success) throw result.error;
  return result.data;
}

function defaultsOf({ integration_config: fields = {} }: Provider): Values {
  return Object.fromEntries(Object.entries(fields).flatMap(([name, { default_value: value }]) => (value === undefined ? [] : [[name, value]])));
}

function unknownOf(fields: NonNullable<Provider['integration_config']>): Values {
  const required = Object.entries(fields).filter(([, { optional }]) => !optional);
  return Object.fromEntries(required.map(([name]) => [name, `\${integrationConfig.${name}}`]));
}

/** Values are text, and some keys of an entry are numbers or switches: the schema tells which. */
function parseFilled({ integration_config: declared, ...fields }: Record<string, unknown>, values: Values): z.ZodSafeParseResult<Provider> {
  const filled = { ...(fill(fields, values) as Record<string, unknown>), integration_config: declared }; // an object stays one
  const first = Provider.safeParse(filled);
  if (first.success) return first;
  for (const issue of first.error.issues) if (issue.code === 'invalid_type') convertAt(filled, issue.path, issue.expected);
  return Provider.safeParse(filled);
}

function convertAt(root: unknown, path: readonly PropertyKey[], expected: string): void {
  const parent = path.slice(0, -1).reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), root);
  const key = path.at(-1);
  if (!isObject(parent) || key === undefined || typeof parent[key] !== 'string') return;
  const text = parent[key];
  if ((expected === 'number' || expected === 'int') && text.trim() !== '' && Number.isFinite(Number(text))) parent[key] = Number(text);
  if (expected === 'boolean' && (text === 'true' || text === 'false')) parent[key] = text === 'true';
}

/** The same value with its texts filled in; nothing for a text that names a field without a value. */
function fill(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fill(item, values)).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [fillText(key, values), fill(item, values)] as const);
  return Object.fromEntries(entries.filter(([key, item]) => key !== undefined && item !== undefined));
}

function fillText(text: string, values: Values): string | undefined {
  if (!text.includes('${integrationConfig.')) return text;
  const filled = alternatives(text).map((alternative) => fillAlternative(alternative, values));
  const known = filled.filter((alternative) => alternative !== undefined);
  return known.length === 0 ? undefined : known.join(' || ');
}

function fillAlternative(text: string, values: Values): string | undefined {
  const names = [...text.matchAll(placeholder)].map(([, name = '']) => name);
  if (names.some((name) => !Object.hasOwn(values, name) || values[name] === undefined)) return undefined;
  return text.replaceAll(placeholder, (_, name: string) => String(values[name]));
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}
