import { describe, expect, it } from 'vitest';
import { parseXml, writeXml } from './xml.js';

describe('XML of token endpoints', () => {
  it('becomes objects: elements without prefix, attributes, repeated elements as lists', () => {
    expect(parseXml('<a:r xmlns:a="urn:x"><b id="1">x</b><c/><c>&lt;y&gt;</c><![CDATA[ ]]></a:r>')).toEqual({
      r: { b: { '@id': '1', '#text': 'x' }, c: ['', '<y>'] },
    });
  });

  it('is written by the same rules', () => {
    const content = { r: { '@v': '1"', b: { '@id': '1', '#text': 'x' }, c: ['', 'y&z'] } };
    expect(parseXml(writeXml(content))).toEqual(content);
  });

  it.each([
    ['entities of its own', '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'],
    ['files from elsewhere', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['a page', '<html><br><p>Sign in</html>'],
    ['great depth', `${'<a>'.repeat(60)}${'</a>'.repeat(60)}`],
    ['a giant', `<a>${'x'.repeat(1_000_001)}</a>`],
  ])('is not read when it holds %s', (_, text) => {
    expect(parseXml(text)).toBeUndefined();
  });

  it('cannot change what other objects inherit', () => {
    const parsed = parseXml('<a><__proto__><admin>1</admin></__proto__></a>');
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
    expect(JSON.stringify(parsed)).toBe('{"a":{"__proto__":{"admin":"1"}}}');
  });
});
