import type { en } from './en.js';

/** A sentence's name. */
type TextKey = keyof typeof en;

/** Every sentence of the page in one language. */
export type Dictionary = Record<TextKey, string>;

/** A sentence before it is put into words, with the values of its placeholders. */
export type Sentence = { key: TextKey; values?: Record<string, string> };

/** Gives a sentence in the page's language. */
export type Translate = (key: TextKey, values?: Record<string, string>) => string;

/** Puts values in the place of `{name}` and the like; a value is never searched for further placeholders. */
export function translator(dictionary: Dictionary): Translate {
  return (key, values = {}) => dictionary[key].replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}
