import { describe, expect, it } from 'vitest';
import { scriptBody, scriptHeaders, scriptQuery } from './script-request.js';

const text = async (call: Parameters<typeof scriptBody>[0], headers = {}) => {
  const { body, headers: sent } = await scriptBody(call, headers);
  return { body: body && Buffer.from(body).toString(), type: sent['content-type'] };
};

describe("a script's body", () => {
  it('is JSON unless it says otherwise', async () => {
    expect(await text({ data: { a: 1 } })).toEqual({ body: '{"a":1}', type: 'application/json' });
    expect(await text({ data: [1] }, { 'content-type': 'application/vnd.api+json' })).toEqual({ body: '[1]', type: 'application/vnd.api+json' });
    expect(await text({ data: 0 })).toEqual({ body: '0', type: 'application/json' });
  });

  it('is a form where the content type is one', async () => {
    expect(await text({ data: { a: 'x y', b: [1, 2], c: { d: 1 } } }, { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      body: 'a=x%20y&b[]=1&b[]=2&c=%7B%22d%22%3A1%7D',
    });
  });

  it('is multipart where the content type is that, with a boundary', async () => {
    const { body, type } = await text({ data: { a: 'x' } }, { 'content-type': 'multipart/form-data' });
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
    expect(body).toContain('name="a"\r\n\r\nx');
  });

  it('is bytes or text as they are', async () => {
    expect(await text({ dataBase64: Buffer.from([0, 255]).toString('base64') }, { 'content-type': 'image/png' })).toMatchObject({ type: 'image/png' });
    expect(await text({ data: 'a=b' })).toEqual({ body: 'a=b', type: 'application/x-www-form-urlencoded' });
    expect(await text({ data: '<x/>' }, { 'content-type': 'text/xml' })).toEqual({ body: '<x/>', type: 'text/xml' });
  });

  it('is none without data', async () => {
    expect(await text({})).toEqual({ body: null, type: undefined });
    expect(await text({ data: null })).toEqual({ body: null, type: undefined });
  });
});

describe("a script's parameters", () => {
  it('stay as they are when they are text, and are encoded when they are values', () => {
    expect(scriptQuery('?a=1&b')).toBe('a=1&b');
    expect(scriptQuery({ a: 1, b: true, c: 'x&y', d: [1, 'z'] })).toBe('a=1&b=true&c=x%26y&d[]=1&d[]=z');
    expect(scriptQuery(undefined)).toBeUndefined();
  });
});

describe("a script's headers", () => {
  it('are in lower case, also when empty', () => {
    expect(scriptHeaders({ 'If-Modified-Since': '', Host: 'x' })).toEqual({ 'if-modified-since': '' });
  });

  it('may not smuggle another header', () => {
    expect(() => scriptHeaders({ a: 'b\r\nauthorization: x' })).toThrow(expect.objectContaining({ code: 'invalid_headers' }));
  });
});
