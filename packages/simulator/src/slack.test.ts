import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeSlack, fakeSlack } from './slack.js';

let slack: FakeSlack;
beforeAll(async () => {
  slack = await fakeSlack();
});
afterAll(() => slack.close());

async function call(method: string, body: unknown, token: string | null = slack.token): Promise<unknown> {
  const headers = { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
  return (await fetch(`${slack.url}/api/${method}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

it('posts a message to a channel that exists', async () => {
  expect(await call('chat.postMessage', { channel: 'C02MPPQC8FK', text: 'hello' })).toMatchObject({
    ok: true,
    channel: 'C02MPPQC8FK',
    message: { text: 'hello' },
  });
  expect(slack.messages).toMatchObject([{ channel: 'C02MPPQC8FK', text: 'hello' }]);
});

it.each([
  ['channel_not_found', { channel: 'C0', text: 'x' }],
  ['no_text', { channel: 'C02MPPQC8FK' }],
])('answers %s inside a 200', async (error, body) => {
  expect(await call('chat.postMessage', body)).toEqual({ ok: false, error });
});

it('tells a missing token from a wrong one, and an unknown method', async () => {
  expect(await call('auth.test', {}, null)).toEqual({ ok: false, error: 'not_authed' });
  expect(await call('auth.test', {}, 'xoxb-other')).toEqual({ ok: false, error: 'invalid_auth' });
  expect(await call('no.such', {})).toEqual({ ok: false, error: 'unknown_method', req_method: 'no.such' });
});
