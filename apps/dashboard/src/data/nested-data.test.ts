import { describe, expect, it } from 'vitest';
import { nestedData } from './nested-data.js';

const aForm = (fields: Record<string, string>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

describe('the data of a form', () => {
  it('is nested where names have a dot, at the first one', () => {
    expect(nestedData(aForm({ key: 'a', 'credentials.client_id': 'b', 'credentials.client_secret': 'c', 'config.a.b': 'd' }))).toEqual({
      key: 'a',
      credentials: { client_id: 'b', client_secret: 'c' },
      config: { 'a.b': 'd' },
    });
  });

  it('is without empty fields, except those that are kept', () => {
    expect(nestedData(aForm({ a: '', b: '', 'c.d': '' }), (name) => name === 'b' || name === 'c.d')).toEqual({ b: '', c: { d: '' } });
  });
});
