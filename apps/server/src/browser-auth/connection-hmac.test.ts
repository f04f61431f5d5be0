import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { connectionHmac, isConnectionHmac } from './connection-hmac.js';

const key = 'a-key-of-the-environment';

describe('the HMAC of a connection', () => {
  it('covers the integration and the connection id, joined by a colon', () => {
    const expected = createHmac('sha256', key).update('github:customer-1').digest('hex');
    expect(connectionHmac(key, 'github', 'customer-1')).toBe(expected);
    expect(isConnectionHmac(expected.toUpperCase(), key, 'github', 'customer-1')).toBe(true);
  });

  it('covers the integration alone, without a colon, where no connection id is given', () => {
    expect(connectionHmac(key, 'github', undefined)).toBe(createHmac('sha256', key).update('github').digest('hex'));
  });

  it('is wrong for another connection, another key and another length', () => {
    const hmac = connectionHmac(key, 'github', 'customer-1');
    expect(isConnectionHmac(hmac, key, 'github', 'customer-2')).toBe(false);
    expect(isConnectionHmac(hmac, 'another', 'github', 'customer-1')).toBe(false);
    expect(isConnectionHmac(hmac.slice(0, 32), key, 'github', 'customer-1')).toBe(false);
  });
});
