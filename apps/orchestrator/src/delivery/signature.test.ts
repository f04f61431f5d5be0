import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureHeaders, standardSignature } from './signature.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('W-03 the signature of a webhook', () => {
  it.each([
    ['msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
    [
      'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk',
      1_649_367_553,
      '{"email":"test@example.com","username":"test_user"}',
      'v1,bmED0YkXIwCHhhZjbHn8qMCbczjpYwHGju/WMUmDqOQ=',
    ],
  ])('is that of Standard Webhooks: %s', (id, timestamp, body, signature) => {
    expect(standardSignature(secret, { id, timestamp, body })).toBe(signature);
  });

  it('takes an environment key for its own bytes, so that whsec_ + its base64 verifies', () => {
    const key = '0b7f1e52-6d0c-4f3a-9a63-0c7f1b8f2f11';
    const content = { id: 'e1', timestamp: 1, body: '{}' };
    expect(standardSignature(key, content)).toBe(standardSignature(`whsec_${Buffer.from(key).toString('base64')}`, content));
  });

  it('comes with the compatible ones over secret and body', () => {
    const headers = signatureHeaders('key', { id: 'e1', timestamp: 5, body: '{"a":1}' });
    expect(headers['x-nango-signature']).toBe(createHash('sha256').update('key{"a":1}').digest('hex'));
    expect(headers['x-nango-hmac-sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(headers).toMatchObject({ 'webhook-id': 'e1', 'webhook-timestamp': '5', 'webhook-signature': expect.stringMatching(/^v1,/) });
  });
});
