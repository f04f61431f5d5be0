import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Nango } from './nango.js';
import { compatibleSignature } from './webhook-signature.js';

const nango = new Nango({ secretKey: 'a-key' });
const payload = { from: 'nango', type: 'sync' };
const body = JSON.stringify(payload);

describe('a webhook signature', () => {
  it('is accepted when it was made with the key over the body', () => {
    expect(nango.verifyWebhookSignature(compatibleSignature('a-key', body), payload)).toBe(true);
    const hmac = createHmac('sha256', 'a-key').update(body).digest('hex');
    expect(nango.verifyIncomingWebhookRequest(body, { 'x-nango-hmac-sha256': hmac })).toBe(true);
  });

  it.each([
    ['of another key', compatibleSignature('b-key', body)],
    ['cut short', compatibleSignature('a-key', body).slice(0, 20)],
    ['empty', ''],
  ])('is refused when it is %s', (_, signature) => {
    expect(nango.verifyWebhookSignature(signature, payload)).toBe(false);
  });

  it('is refused over a body that was changed, or when the header is missing', () => {
    expect(nango.verifyWebhookSignature(compatibleSignature('a-key', body), { ...payload, type: 'auth' })).toBe(false);
    expect(nango.verifyIncomingWebhookRequest(body, {})).toBe(false);
  });
});
