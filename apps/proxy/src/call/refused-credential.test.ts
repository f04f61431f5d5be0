import { Answer } from 'egress';
import { Provider } from 'providers';
import { describe, expect, it } from 'vitest';
import { inspectAnswer } from './refused-credential.js';

const idle = { pause: () => undefined, resume: () => undefined, abort: () => undefined };
function answer(status: number, body = '', headers = {}): Answer {
  const made = new Answer({ status, statusText: '', headers }, idle);
  made.take(Buffer.from(body));
  made.end();
  return made;
}
const entry = (signs?: Provider['expired_token_signs']): Provider =>
  Provider.parse({ name: 'api', display_name: 'API', auth_mode: 'OAUTH2', ...(signs ? { expired_token_signs: signs } : {}) });
const inspected = async (provider: Provider, given: Answer) => {
  const { isRefused, answer: left } = await inspectAnswer(provider, given);
  return { isRefused, body: String(await left.bytes(1_000)) };
};

describe('an answer refuses the credential', () => {
  it('with a 401, and with a 403 only where the entry says so', async () => {
    expect(await inspected(entry(), answer(401, 'no'))).toEqual({ isRefused: true, body: 'no' });
    expect(await inspected(entry(), answer(403, 'no'))).toEqual({ isRefused: false, body: 'no' });
    expect(await inspected(entry([{ status: 403 }]), answer(403, 'no'))).toEqual({ isRefused: true, body: 'no' });
  });

  it('with a code in the body, which can still be read', async () => {
    const provider = entry([{ status: 200, path: 'error.code', values: ['token_expired', 190] }]);
    for (const code of ['token_expired', 190]) {
      const body = JSON.stringify({ error: { code } });
      expect(await inspected(provider, answer(200, body))).toEqual({ isRefused: true, body });
    }
    expect(await inspected(provider, answer(200, '{"error":{"code":"other"}}'))).toMatchObject({ isRefused: false });
    expect(await inspected(provider, answer(200, 'no JSON'))).toEqual({ isRefused: false, body: 'no JSON' });
    expect(await inspected(provider, answer(400, '{"error":{"code":190}}'))).toMatchObject({ isRefused: false });
  });

  it('but nobody reads a large body to find out', async () => {
    const provider = entry([{ status: 200, path: 'error', values: ['x'] }]);
    expect(await inspected(provider, answer(200, '{"error":"x"}', { 'content-length': '1000000' }))).toEqual({ isRefused: false, body: '{"error":"x"}' });
  });
});
