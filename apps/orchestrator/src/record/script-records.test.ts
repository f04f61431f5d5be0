import { describe, expect, it } from 'vitest';
import { parseRecords } from './script-records.js';

const parse = (text: string) => parseRecords(Buffer.from(text));

describe('the records of a save', () => {
  it('are any objects with a string or a number as id', () => {
    expect(parse('[{"id":"a","x":[1]},{"id":7}]')).toEqual([{ id: 'a', x: [1] }, { id: 7 }]);
    expect(parse('[]')).toEqual([]);
  });

  it.each(['{"id":"a"}', 'null', '[{', '"text"'])('are refused as no array of JSON: %s', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
  });

  it.each(['[{"id":"a"},{"name":"b"}]', '[{"id":"a"},{"id":""}]', '[{"id":"a"},null]', `[{"id":"a"},{"id":"${'x'.repeat(256)}"}]`, '[{"id":"a"},{"id":{}}]'])(
    'are refused by place where one has no valid id: %s',
    (text) => {
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'invalid_record', payload: { index: 1 } }));
    },
  );
});
