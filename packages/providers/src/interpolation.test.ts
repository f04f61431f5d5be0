import { describe, expect, it } from 'vitest';
import { interpolate } from './interpolation.js';

const values = { apiKey: 'k', username: 'u', password: 'p', connectionConfig: { subdomain: 'acme', port: 8080, empty: '' }, credentials: { token: 't' } };
const now = new Date('2026-03-04T05:06:07.089Z');

describe('a template', () => {
  it.each([
    ['Bearer ${apiKey}', 'Bearer k'],
    ['https://${connectionConfig.subdomain}.example:${connectionConfig.port}', 'https://acme.example:8080'],
    ['${credentials.token}', 't'],
    ['Basic ${base64(${username}:${password})}', 'Basic dTpw'],
    ['${base64(${base64(${apiKey})})}', 'YXc9PQ=='],
    ['${sha256Hex(${apiKey})}', '8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a'],
    ['${now}', '2026-03-04T05:06:07.089Z'],
    ['${now:YYYY-MM-DD[T]HH:mm:ss.SSS}', '2026-03-04T05:06:07.089'],
    ['no placeholder', 'no placeholder'],
    ['[${connectionConfig.empty}]', '[]'],
  ])('%s becomes %s', (template, text) => {
    expect(interpolate(template, values, now)).toMatchObject({ text, missing: [] });
  });

  it('keeps a placeholder without a value as it is, and names it', () => {
    expect(interpolate('a ${connectionConfig.nope} ${apiKey}', values)).toMatchObject({
      text: 'a ${connectionConfig.nope} k',
      missing: ['connectionConfig.nope'],
    });
  });

  it('keeps a function of a missing value whole', () => {
    expect(interpolate('${base64(${nope})}', values)).toMatchObject({ text: '${base64(${nope})}', missing: ['base64(${nope})'] });
  });

  it('takes what stands after || where a value is missing', () => {
    expect(interpolate('${connectionConfig.nope} || https://${connectionConfig.subdomain}.example', values).text).toBe('https://acme.example');
    expect(interpolate('${apiKey}||other', values).text).toBe('k');
    expect(interpolate('${nope} || ${nada} || c', values).text).toBe('c');
    expect(interpolate('${nope} || ${nada}', values)).toMatchObject({ text: '${nada}', missing: ['nada'] });
  });

  it('never reaches what an object merely inherits', () => {
    expect(interpolate('${constructor.name} ${connectionConfig.__proto__}', values).missing).toEqual(['constructor.name', 'connectionConfig.__proto__']);
  });

  it('stays whole when a brace is left open', () => {
    expect(interpolate('a ${apiKey', values).text).toContain('a ');
  });

  it('is not filled again where a value looks like a placeholder', () => {
    expect(interpolate('${apiKey}', { apiKey: '${password}', password: 'p' }).text).toBe('${password}');
  });
});
