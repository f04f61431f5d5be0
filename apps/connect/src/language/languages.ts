import type { Dictionary } from './text.js';

/** The languages of the page. Each comes as a file of its own, so that a browser loads one. */
export const languages = {
  en: async () => (await import('./en.js')).en,
  de: async () => (await import('./de.js')).de,
  fr: async () => (await import('./fr.js')).fr,
  es: async () => (await import('./es.js')).es,
  it: async () => (await import('./it.js')).it,
  nl: async () => (await import('./nl.js')).nl,
  'pt-BR': async () => (await import('./pt-br.js')).ptBr,
  ja: async () => (await import('./ja.js')).ja,
} as const satisfies Record<string, () => Promise<Dictionary>>;

/** A language tag of the page (BCP 47). */
export type Language = keyof typeof languages;

const tags = Object.keys(languages) as Language[]; // the object's own keys

/** The first wish that the page has; `de-AT` is served with `de`, `pt` with `pt-BR`. English where there is none. */
export function chooseLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const [base] = wish.toLowerCase().split(/[-_]/);
    const found = tags.find((tag) => tag.toLowerCase() === wish.toLowerCase()) ?? tags.find((tag) => tag.toLowerCase().split('-')[0] === base);
    if (found) return found;
  }
  return 'en';
}
