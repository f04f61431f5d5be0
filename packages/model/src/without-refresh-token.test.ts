import { expect, it } from 'vitest';
import { withoutRefreshToken } from './without-refresh-token.js';

const tokens = { access_token: 'a', refresh_token: 'r', raw: { access_token: 'a', refresh_token: 'r' } };
const bare = { access_token: 'a', raw: { access_token: 'a' } };

it('takes the refresh token out of every mode that has one, and out of the raw answer', () => {
  expect(withoutRefreshToken({ type: 'OAUTH2', ...tokens })).toEqual({ type: 'OAUTH2', ...bare });
  expect(withoutRefreshToken({ type: 'TWO_STEP', token: 't', refresh_token: 'r', raw: { refresh_token: 'r' }, username: 'u' })).toEqual({
    type: 'TWO_STEP',
    token: 't',
    raw: {},
    username: 'u',
  });
  expect(withoutRefreshToken({ type: 'CUSTOM', user: { type: 'OAUTH2', ...tokens }, raw: {} })).toEqual({
    type: 'CUSTOM',
    user: { type: 'OAUTH2', ...bare },
    raw: {},
  });
});

it('leaves the others as they are', () => {
  expect(withoutRefreshToken({ type: 'API_KEY', apiKey: 'k' })).toEqual({ type: 'API_KEY', apiKey: 'k' });
});
