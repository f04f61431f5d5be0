import { expect, it } from 'vitest';
import { callbackUrl } from './callback-url.js';

it('is one callback URL for all integrations unless the environment has one for each', () => {
  const server = 'https://connect.example.com';
  expect(callbackUrl(server, null, 'github')).toBe('https://connect.example.com/oauth/callback');
  expect(callbackUrl(server, 'https://acme.example/back', 'github')).toBe('https://acme.example/back');
  expect(callbackUrl(server, 'https://connect.example.com/oauth/callback/{integrationKey}', 'a b')).toBe('https://connect.example.com/oauth/callback/a%20b');
});
