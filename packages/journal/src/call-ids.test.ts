import { describe, expect, it } from 'vitest';
import { CallIds } from './call-ids.js';
import { canonicalJson } from './canonical-json.js';

describe('call ids', () => {
  it('are the same for the same calls of another attempt', () => {
    const [first, second] = [new CallIds(), new CallIds()];
    expect(first.next('get', { endpoint: '/a', params: { x: 1, y: 2 } })).toBe(second.next('get', { params: { y: 2, x: 1 }, endpoint: '/a' }));
    expect(first.next('post', { endpoint: '/a' })).toBe(second.next('post', { endpoint: '/a' }));
  });

  it('count equal calls and tell different ones apart', () => {
    const ids = new CallIds();
    const [first, second] = [ids.next('get', { a: 1, b: 2 }), ids.next('get', { b: 2, a: 1 })];
    expect(first).toMatch(/^get:[\w-]{43}:0$/);
    expect(second).toBe(first.replace(/0$/, '1'));
    expect(ids.next('get', { a: 2 })).toMatch(/:0$/);
    expect(ids.next('put', { a: 1, b: 2 })).toMatch(/^put:.*:0$/);
  });

  it('stay short whatever the call', () => {
    expect(new CallIds().next('m'.repeat(500), { text: 'x'.repeat(10_000) }).length).toBeLessThanOrEqual(200);
  });
});

describe('canonical JSON', () => {
  it('orders keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 1], a: undefined })).toBe('{"b":[{"c":2,"d":1},1]}');
  });

  it('writes dates, bytes and nothing', () => {
    expect(canonicalJson({ at: new Date(0), bytes: new Uint8Array([1, 2]) })).toBe('{"at":"1970-01-01T00:00:00.000Z","bytes":{"$bytes":"AQI="}}');
    expect(canonicalJson(undefined)).toBe('null');
  });
});
