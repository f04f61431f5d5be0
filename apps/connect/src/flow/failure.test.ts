import { AuthError } from '@nangohq/frontend';
import { describe, expect, it } from 'vitest';
import { failureOf } from './failure.js';

describe('a failure', () => {
  it.each([
    ['blocked_by_browser', 'blocked'],
    ['window_closed', 'closed'],
    ['access_denied', 'refused'],
    ['connection_test_failed', 'credentials'],
    ['connection_validation_failed', 'validation'],
    ['resource_capped', 'limit'],
    ['state_cookie_err', 'expired'],
    ['unknown_config_key', 'setup'],
    ['unknown_connect_session_token', 'ended'],
    ['a_code_of_tomorrow', 'other'],
  ])('of type %s is of the kind %s', (type, kind) => {
    expect(failureOf(new AuthError('why', type))).toMatchObject({ kind, code: type, message: 'why' });
  });

  it('at the callback is a refusal only where the provider said so', () => {
    const kindOf = (message: string) => failureOf(new AuthError(message, 'callback_err')).kind;
    expect([kindOf('The access was not granted (user said no).'), kindOf('access_denied'), kindOf('The provider answered: server_error')]).toEqual([
      'refused',
      'refused',
      'other',
    ]);
  });

  it('comes with the server’s words where they help', () => {
    expect(failureOf(new AuthError('Invalid key', 'connection_test_failed')).details).toBe('Invalid key');
    expect(failureOf(new AuthError('The window was closed', 'window_closed')).details).toBeUndefined();
  });

  it('need not be an error of the client', () => {
    expect([failureOf(new TypeError('x is undefined')), failureOf('text')]).toMatchObject([
      { kind: 'other', code: 'unknown_error', message: 'x is undefined' },
      { kind: 'other', message: 'text' },
    ]);
  });
});
