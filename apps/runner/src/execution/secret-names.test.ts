import { CallIds } from 'journal';
import { expect, it } from 'vitest';
import { SecretNames } from './secret-names.js';

/** The id of a call that holds a secret, however it is written. */
const idWith = (secret: string, write: (secret: string) => unknown): string => {
  const secrets = new SecretNames();
  secrets.learn('connection', { type: 'OAUTH2', access_token: secret, raw: { scope: 'read' } });
  return new CallIds((text) => secrets.mask(text)).next('get', write(secret));
};

it.each([
  ['in a header', (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } })],
  ['in a query', (secret: string) => ({ params: `key=${encodeURIComponent(secret)}&a=1` })],
  ['as base64', (secret: string) => ({ headers: { 'x-key': Buffer.from(secret).toString('base64') } })],
  ['as a key without a password', (secret: string) => ({ headers: { authorization: `Basic ${Buffer.from(`${secret}:`).toString('base64')}` } })],
  ['within JSON', (secret: string) => ({ data: { deep: [`token "${secret}"`] } })],
])('a refreshed token makes no other call of one that holds it %s', (_, write) => {
  expect(idWith('the-old/token+1"', write)).toBe(idWith('a-new/token+of-another-length"', write));
  expect(idWith('the-old/token+1"', write)).not.toBe(idWith('the-old/token+1"', () => write('something else')));
});

it('names user and password together, and leaves alone what is too short to be told from other text', () => {
  const secrets = new SecretNames();
  secrets.learn('c', { type: 'BASIC', username: 'user', password: 'pass word' });
  expect(secrets.mask(`user ${Buffer.from('user:pass word').toString('base64')} pass word`)).toBe('user ${c.basic} ${c.password}');
});
