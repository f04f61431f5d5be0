import { AppError, isAppError, maxDescriptionLength, ProviderConfigKey, ScriptName } from 'model';
import { parseRuns } from './interval.js';
import type { ModelReader } from './model-reader.js';
import type { Place } from './place.js';

const versionPattern = /^(\d+|\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?)$/;

/** Reads single keys of a sync or action; each answers a usable value and reports what is wrong with the written one. */
export function readDescription(script: Place): string {
  const place = script.at('description');
  if (!place || place.scalar === null) return '';
  if (place.isMap || place.isList) place.error('wrong_type', 'description is a text');
  const text = String(place.scalar ?? '').trim();
  const tooLong = `a description has at most ${maxDescriptionLength} characters, and this one has ${text.length}`;
  if (text.length > maxDescriptionLength) place.error('description_too_long', tooLong);
  return text;
}

export function readBoolean(script: Place, key: string, fallback: boolean): boolean {
  const place = script.at(key);
  if (!place) return fallback;
  if (typeof place.scalar === 'boolean') return place.scalar;
  place.error('wrong_type', `${key} is true or false`);
  return fallback;
}

export function readRuns(script: Place): string {
  const place = script.at('runs');
  if (!place) {
    script.error('missing_key', `a sync needs runs, for example 'runs: every hour'`);
    return '';
  }
  const runs = place.text ?? String(place.plain);
  try {
    parseRuns(runs);
  } catch (error) {
    if (!isAppError(error)) throw error;
    place.error('invalid_runs', (error satisfies AppError).message);
  }
  return runs;
}

export function readVersion(script: Place): string {
  const place = script.at('version');
  if (!place) return '';
  const version = String(place.scalar);
  if (!versionPattern.test(version)) place.error('invalid_version', `'${version}' is no version; write an integer or x.y.z, for example 3 or 1.0.0`);
  return version;
}

/** A list of texts, or one text split at commas, parts untrimmed. */
export function readScopes(script: Place): string[] {
  const place = script.at('scopes');
  if (!place || place.scalar === null) return [];
  if (place.text !== undefined) return place.text.split(',');
  return readTexts(place, 'scopes');
}

/** A list of texts, or one text. */
export function readList(script: Place, key: string): string[] {
  const place = script.at(key);
  if (!place || place.scalar === null) return [];
  return place.text === undefined ? readTexts(place, key) : [place.text];
}

function readTexts(place: Place, key: string): string[] {
  if (!place.isList) place.error('wrong_type', `${key} is a text or a list of texts`);
  return place.items().flatMap((item) => {
    if (item.text !== undefined) return [item.text];
    item.error('wrong_type', `${key} is a list of texts`);
    return [];
  });
}

/** Output (`output`, `returns`): each entry's place and the model that it names, an anonymous one where it is a written type. */
export function readOutput(place: Place | undefined, models: ModelReader, anonymousName: string): { place: Place; model: string }[] {
  if (!place || place.scalar === null) return [];
  const entries = place.isList ? place.items() : [place];
  return entries.flatMap((entry, index) => {
    const text = typeof entry.scalar === 'string' ? entry.scalar : undefined;
    if (text !== undefined) {
      return [{ place: entry, model: models.resolve(entry, text, { anonymousName: index ? `${anonymousName}_${index}` : anonymousName, field: 'output' }) }];
    }
    entry.error('wrong_type', `an output is a model's name, or a list of them`);
    return [];
  });
}

export function readInput(script: Place, models: ModelReader, anonymousName: string): string | null {
  const place = script.at('input');
  if (!place || place.scalar === null) return null;
  if (place.text !== undefined) return models.resolve(place, place.text, { anonymousName, field: 'input' });
  place.error('wrong_type', `an input is a model's name or a written type such as 'string' or 'A | B'`);
  return null;
}

export function checkScriptName(name: string, place: Place): boolean {
  if (ScriptName.safeParse(name).success) return true;
  place.error('invalid_script_name', `'${name}' is no name for a script; letters, digits, _ and - are allowed`);
  return false;
}

export function checkIntegrationId(id: string, place: Place): boolean {
  if (ProviderConfigKey.safeParse(id).success) return true;
  place.error('invalid_integration_id', `'${id}' is no integration id; letters, digits and ~ : . @ _ - are allowed`);
  return false;
}

export function checkKeys(place: Place, allowed: readonly string[], what: string): void {
  for (const { key, name } of place.entries()) {
    if (!allowed.includes(key)) name.error('unknown_key', `${what} has no key '${key}'; it may have ${allowed.join(', ')}`);
  }
}

/** `Anonymous_<integration>_<sync|action>_<script>`, without the characters that a model's name may not have. */
export function anonymousName(integration: string, type: 'sync' | 'action', script: string): string {
  return `Anonymous_${integration.replace(/\W/g, '')}_${type}_${script.replace(/\W/g, '')}`;
}
