import { describe, expect, it } from 'vitest';
import { en } from './en.js';
import { chooseLanguage, languages } from './languages.js';
import { translator } from './text.js';

const placeholders = (sentence: string): string[] => (sentence.match(/\{\w+\}/g) ?? []).sort();

describe.each(Object.entries(languages))('the sentences in %s', (language, load) => {
  it('are as many as in English, none of them empty, with the same placeholders', async () => {
    const dictionary = await load();
    expect(Object.keys(dictionary)).toEqual(Object.keys(en));
    const shape = (texts: Record<string, string>) => Object.entries(texts).map(([key, text]) => [key, text.trim() !== '', placeholders(text)]);
    expect(shape(dictionary)).toEqual(shape(en));
  });
});

describe.each(Object.entries(languages).filter(([language]) => language !== 'en'))('the sentences in %s', (_language, load) => {
  it('are not left in English', async () => {
    const dictionary: Record<string, string> = await load();
    expect(Object.entries(en).filter(([key, text]) => dictionary[key] === text && text.includes(' '))).toEqual([]);
  });
});

describe('the page’s language', () => {
  it.each([
    [['de'], 'de'],
    [['de-AT'], 'de'],
    [['PT-br'], 'pt-BR'],
    [['pt'], 'pt-BR'],
    [['zh', 'ja-JP', 'fr'], 'ja'],
    [['', 'en-GB'], 'en'],
    [['tlh', 'xx'], 'en'],
    [[], 'en'],
  ])('for the wishes %j is %s', (wishes, language) => {
    expect(chooseLanguage(wishes)).toBe(language);
  });

  it('puts values into sentences as they are', () => {
    const text = translator({ ...en, 'form.connect': 'Connect {name} ({name}) {other}' });
    expect(text('form.connect', { name: '{other}' })).toBe('Connect {other} ({other}) {other}');
  });
});
