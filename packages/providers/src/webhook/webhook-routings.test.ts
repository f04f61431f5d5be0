import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookRequest } from './webhook-request.js';
import { webhookRouting } from './webhook-routings.js';

const now = new Date('2026-11-26T12:00:00Z');
const seconds = Math.floor(now.getTime() / 1_000);
const secret = 'the secret of the webhooks';
const hmac = (content: string, encoding: 'hex' | 'base64', key: string | Buffer = secret): string => createHmac('sha256', key).update(content).digest(encoding);

type Sent = { body: object; headers: Record<string, string> };

/** How each provider signs, at a time. */
const schemes = {
  generic: {
    body: { type: 'contact.created', connectionId: 'c1' },
    sign: (text: string, at: number) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${hmac(`msg_1.${at}.${text}`, 'base64')}`,
    }),
    signature: 'webhook-signature',
    knowsTime: true,
  },
  'github-app': {
    body: { action: 'created', installation: { id: 7 } },
    sign: (text: string) => ({ 'x-hub-signature-256': `sha256=${hmac(text, 'hex')}`, 'x-github-event': 'issues', 'x-github-delivery': 'delivery-2' }),
    signature: 'x-hub-signature-256',
    knowsTime: false,
  },
  linear: {
    body: { type: 'Issue', organizationId: 'org-1', webhookTimestamp: now.getTime() },
    sign: (text: string) => ({ 'linear-signature': hmac(text, 'hex'), 'linear-delivery': 'delivery-1' }),
    signature: 'linear-signature',
    knowsTime: true,
  },
  shopify: {
    body: { id: 1 },
    sign: (text: string) => ({
      'x-shopify-hmac-sha256': hmac(text, 'base64'),
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': 'acme.myshopify.com',
      'x-shopify-webhook-id': 'event-1',
    }),
    signature: 'x-shopify-hmac-sha256',
    knowsTime: false,
  },
  slack: {
    body: { type: 'event_callback', team_id: 'T1', event_id: 'Ev1', event: { type: 'message' } },
    sign: (text: string, at: number) => ({ 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${hmac(`v0:${at}:${text}`, 'hex')}` }),
    signature: 'x-slack-signature',
    knowsTime: true,
  },
} as const;

type Name = keyof typeof schemes;
const names = Object.keys(schemes) as Name[];

const sent = (name: Name, { body = schemes[name].body as object, at = seconds } = {}): Sent => ({
  body,
  headers: schemes[name].sign(JSON.stringify(body), at),
});
const route = (name: Name | 'unauthenticated', { body, headers }: Sent, change: Partial<WebhookRequest> = {}) =>
  webhookRouting(name)({ body, headers, rawBody: Buffer.from(JSON.stringify(body)), secret, now, ...change });
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe.each(names)('a webhook of %s', (name) => {
  const { signature, knowsTime } = schemes[name];

  it('is accepted as it was signed', () => {
    expect(codeOf(() => route(name, sent(name)))).toBe('accepted');
  });

  it('is refused without a signature, with another, and with half of it', () => {
    const { body, headers } = sent(name);
    const given = headers[signature] ?? '';
    const withSignature = (text: string) => codeOf(() => route(name, { body, headers: { ...headers, [signature]: text } }));
    expect(withSignature('')).toBe('webhook_missing_signature');
    expect(withSignature(given.slice(0, -4))).toBe('webhook_invalid_signature');
    expect(withSignature(given.replace(/.{8}$/, '00000000'))).toBe('webhook_invalid_signature');
  });

  it('is refused with a body that was written anew, or changed', () => {
    const { body, headers } = sent(name);
    const raw = (text: string) => codeOf(() => route(name, { body, headers }, { rawBody: Buffer.from(text) }));
    expect(raw(JSON.stringify(body, null, 1))).toBe('webhook_invalid_signature');
    expect(raw(`${JSON.stringify(body)} `)).toBe('webhook_invalid_signature');
  });

  it.each([[null], [''], ['another']])('is refused where the secret is %j, whoever signed it', (other) => {
    expect(codeOf(() => route(name, sent(name), { secret: other }))).toBe('webhook_invalid_signature');
    const { body } = sent(name);
    const forged = Object.fromEntries(
      Object.entries(sent(name).headers).map(([header, value]) => [header, header === signature ? `v1,${hmac(JSON.stringify(body), 'base64', '')}` : value]),
    );
    expect(codeOf(() => route(name, { body, headers: forged }, { secret: other }))).toBe('webhook_invalid_signature');
  });

  it.runIf(knowsTime)('is refused when it was signed long ago, or in the future', () => {
    for (const shift of [-600, 600]) {
      const body = name === 'linear' ? { ...schemes.linear.body, webhookTimestamp: now.getTime() + shift * 1_000 } : schemes[name].body;
      expect(codeOf(() => route(name, sent(name, { body, at: seconds + shift })))).toBe('webhook_invalid_signature');
    }
  });
});

describe('a webhook concerns', () => {
  it.each([
    ['generic', 'msg_1', ['contact.created'], { by: 'connectionId', value: 'c1' }],
    ['github-app', 'delivery-2', ['issues', 'issues.created'], { by: 'config', name: 'installation_id', value: '7' }],
    ['linear', 'delivery-1', ['Issue'], { by: 'config', name: 'organizationId', value: 'org-1' }],
    ['shopify', 'event-1', ['orders/create'], { by: 'config', name: 'subdomain', value: 'acme' }],
    ['slack', 'Ev1', ['event_callback', 'message'], { by: 'config', name: 'team.id', value: 'T1' }],
  ] as const)('of %s: its own id, types and connections', (name, eventId, types, match) => {
    expect(route(name, sent(name))).toEqual({ kind: 'events', eventId, deliveries: [{ types, match }] });
  });

  it('without a signature the connection that it names, or none', () => {
    const of = (body: object) => route('unauthenticated', { body, headers: {} });
    expect(of({ type: 'a', connectionId: 'c1' })).toEqual({
      kind: 'events',
      eventId: null,
      deliveries: [{ types: ['a'], match: { by: 'connectionId', value: 'c1' } }],
    });
    for (const connectionId of [undefined, '', null, {}, 'a\0b', 'x'.repeat(2_000)]) {
      expect(of({ connectionId })).toMatchObject({ deliveries: [{ types: [], match: { by: 'none' } }] });
    }
  });

  it('who waited for an app, where it tells that one was installed which somebody had requested', () => {
    const installation = (requester: object | null, event = 'installation') => {
      const { body, headers } = sent('github-app', { body: { action: 'created', installation: { id: 7 }, requester } });
      return route('github-app', { body, headers: { ...headers, 'x-github-event': event } });
    };
    expect(installation({ login: 'ada' })).toMatchObject({ installed: '7' });
    expect(installation(null)).not.toHaveProperty('installed');
    expect(installation({ login: 'ada' }, 'issues')).not.toHaveProperty('installed');
  });

  it('nobody when Slack asks whether the address is ours', () => {
    const body = { type: 'url_verification', challenge: '3eZbrw1a' };
    expect(route('slack', sent('slack', { body }))).toEqual({ kind: 'challenge', contentType: 'text/plain', content: '3eZbrw1a' });
    expect(codeOf(() => route('slack', { body, headers: {} }))).toBe('webhook_missing_signature');
  });

  it('with one of several signatures that fits, and a secret written as whsec_', () => {
    const key = Buffer.from('0123456789abcdef');
    const text = JSON.stringify(schemes.generic.body);
    const fitting = hmac(`msg_1.${seconds}.${text}`, 'base64', key);
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,AAAA v1,${fitting}` };
    const request = { secret: `whsec_${key.toString('base64')}` };
    expect(codeOf(() => route('generic', { body: schemes.generic.body, headers }, request))).toBe('accepted');
  });
});
