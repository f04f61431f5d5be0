import { describe, expect, it } from 'vitest';
import { redactedText, redactedUrl, secretsOf } from './redact.js';

describe('what the log shows of a URL', () => {
  const secret = 's3cr+t/ü key=';
  const shown = (text: string) => redactedUrl(new URL(text), [secret]);

  it.each([
    ['in the path, encoded', `https://api.example/v1/${encodeURIComponent(secret)}/users`],
    ['in the query, encoded', `https://api.example/v1?x=${encodeURIComponent(secret)}&y=1`],
    ['as a form writes it', `https://api.example/v1?${new URLSearchParams({ x: secret }).toString()}`],
    ['in lower-case codes', `https://api.example/v1?x=${encodeURIComponent(secret).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())}`],
    ['in base64', `https://api.example/v1?x=${encodeURIComponent(Buffer.from(secret).toString('base64'))}`],
    ['encoded letter by letter', `https://api.example/v1?x=${[...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`],
    ['as the browser writes it', `https://api.example/v1/${secret}`],
  ])('holds no secret %s', (_, url) => {
    const text = shown(url);
    expect(text).toContain('[redacted]');
    expect(decodeURIComponent(text)).not.toContain('s3cr');
    expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 8));
  });

  it('keeps the rest as it was', () => {
    expect(shown('https://api.example:8443/v1/users?page=2&q=a%20b')).toBe('https://api.example:8443/v1/users?page=2&q=a%20b');
  });

  it('holds neither user nor password, nor what stands under the name of a secret', () => {
    expect(shown('https://user:pass@api.example/v1?access_token=abc&api_key=d&page=3&X-Amz-Signature=ff')).toBe(
      'https://api.example/v1?access_token=[redacted]&api_key=[redacted]&page=3&X-Amz-Signature=[redacted]',
    );
  });

  it('is without each text of a credential, and the pair of user and password', () => {
    const secrets = secretsOf({ type: 'BASIC', username: 'ann', password: 'hunter2' });
    const basic = Buffer.from('ann:hunter2').toString('base64');
    expect(redactedText(`GET ${basic} hunter2 ann BASIC`, secrets)).toBe('GET [redacted] [redacted] [redacted] BASIC');
    const oauth = secretsOf({ type: 'OAUTH2', access_token: 'aaa', refresh_token: 'bbb', raw: { id_token: 'ccc', scope: 'read' } });
    expect(redactedText('aaa bbb ccc read', oauth)).toBe('[redacted] [redacted] [redacted] read');
  });
});
