import { describe, expect, it } from 'vitest';
import { schemaDocument } from './generated-files.js';
import { parseManifest } from './parse-manifest.js';
import { modelsAsTypeScript } from './typescript-text.js';

/** Reads models written below `models:`; answers each field's TypeScript and JSON schema. */
function read(models: string) {
  const { manifest, problems } = parseManifest(`integrations: {}\nmodels:\n${models.replace(/^/gm, '  ')}`);
  if (!manifest) throw new Error(problems.map(({ message }) => message).join('\n'));
  const text = modelsAsTypeScript(manifest.models);
  return { manifest, problems, text, definitions: schemaDocument(manifest, '1').definitions };
}

function field(type: string) {
  const { text, definitions, problems } = read(`M:\n  x: ${type}\nA:\n  id: string\nB:\n  id: string\n`);
  const [, typescript] = /interface M \{\n {2}x: ([^]*?);\n\}/.exec(text) ?? [];
  const { properties } = definitions['M'] as { properties: { x: unknown } };
  return { typescript, schema: properties.x, codes: problems.map(({ code }) => code) };
}

const object = (properties: object) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });

describe('a field type', () => {
  it.each([
    ['string', 'string', { type: 'string' }],
    ['integer', 'number', { type: 'number' }],
    ['VARCHAR', 'string', { type: 'string' }],
    ['bool', 'boolean', { type: 'boolean' }],
    ['date', 'Date', { type: 'string', format: 'date-time' }],
    ['Date', 'Date', { type: 'string', format: 'date-time' }],
    ['object', 'Record<string, any>', { type: 'object' }],
    ['array', 'any[]', { type: 'array', items: {} }],
    ['any[]', 'any[]', { type: 'array', items: {} }],
    ['object[]', 'Record<string, any>[]', { type: 'array', items: { type: 'object' } }],
    ['any', 'any', {}],
    ['bigint', 'bigint', { type: 'number' }],
    ['undefined', 'undefined', { not: {} }],
    ['null', 'null', { type: 'null' }],
    ['true', 'true', { type: 'boolean', const: true }],
    ['12', '12', { type: 'number', const: 12 }],
    ['2fast', '2', { type: 'number', const: 2 }],
    ['A', 'A', { $ref: '#/definitions/A' }],
    ['A[]', 'A[]', { type: 'array', items: { $ref: '#/definitions/A' } }],
    ['string[][]', '(string[])[]', { type: 'array', items: { type: 'array', items: { type: 'string' } } }],
  ])('%s is %s', (type, typescript, schema) => {
    expect(field(type)).toEqual({ typescript, schema, codes: [] });
  });

  it.each([
    ['string | null', 'string | null', { type: ['string', 'null'] }],
    ['a | b| c', '"a" | "b" | "c"', { type: 'string', enum: ['a', 'b', 'c'] }],
    ['true | false', 'true | false', { type: 'boolean', enum: [true, false] }],
    ['open | null', '"open" | null', { type: ['string', 'null'], enum: ['open', null] }],
    ['A | null', 'A | null', { anyOf: [{ $ref: '#/definitions/A' }, { type: 'null' }] }],
    ['date | null', 'Date | null', { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] }],
    ['date | string', 'Date | string', { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'string' }] }],
    ['object | null', 'Record<string, any> | null', { anyOf: [{ type: 'object' }, { type: 'null' }] }],
    [
      'string[] | A[]',
      'string[] | A[]',
      {
        anyOf: [
          { type: 'array', items: { type: 'string' } },
          { type: 'array', items: { $ref: '#/definitions/A' } },
        ],
      },
    ],
    ['string | undefined', 'string | undefined', { type: 'string' }],
  ])('%s is the union %s', (type, typescript, schema) => {
    expect(field(type)).toMatchObject({ typescript, schema });
  });

  it.each([
    ['[A, B]', '(A | B)[]', { type: 'array', items: { anyOf: [{ $ref: '#/definitions/A' }, { $ref: '#/definitions/B' }] } }],
    ['[string | null, A]', '(string | null | A)[]', { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }, { $ref: '#/definitions/A' }] } }],
    ['[A]', '(A)[]', { type: 'array', items: { $ref: '#/definitions/A' } }],
  ])('written as the list %s is %s', (type, typescript, schema) => {
    expect(field(type)).toMatchObject({ typescript, schema });
  });

  it('may be lists of maps, three levels deep, with references, primitives and unions', () => {
    const { schema } = field('[{ a: [{ b: [{ c: [A, string], d: open | closed, e: number | null }] }] }]');
    const c = { type: 'array', items: { anyOf: [{ $ref: '#/definitions/A' }, { type: 'string' }] } };
    const inner = { c, d: { type: 'string', enum: ['open', 'closed'] }, e: { type: ['number', 'null'] } };
    expect(schema).toEqual({ type: 'array', items: object({ a: { type: 'array', items: object({ b: { type: 'array', items: object(inner) } }) } }) });
  });

  it('may be a map with literal values', () => {
    expect(field('{ unique: true, size: 3 }').schema).toMatchObject({
      properties: { unique: { type: 'boolean', const: true }, size: { type: 'number', const: 3 } },
    });
  });

  it('that is an unknown word is a string of that content, with a warning', () => {
    expect(field('Isue')).toEqual({ typescript: '"Isue"', schema: { type: 'string', const: 'Isue' }, codes: ['model_not_found_fallback'] });
  });

  it('may hold a tab', () => {
    expect(field('string\t|\tnull').schema).toEqual({ type: ['string', 'null'] });
  });
});

describe('a model', () => {
  it('takes odd keys and words of JSON schema as ordinary fields', () => {
    const names = ['pt-BR', 'items', 'enum', 'default', 'required', 'properties', 'additionalProperties', '__raw'];
    const { text, definitions } = read(`M:\n${names.map((name) => `  ${name}: string`).join('\n')}`);
    expect(Object.keys(definitions['M']?.['properties'] as object)).toEqual(names);
    expect(text).toContain('"pt-BR": string;');
  });

  it('marks optional fields, and does not require what may be undefined', () => {
    const { definitions, text } = read('M:\n  id: string\n  a?: string\n  b: string | undefined\n  c: string | undefined | null');
    expect(definitions['M']?.['required']).toEqual(['id']);
    expect(text).toContain('a?: string;');
  });

  it('inherits: own fields win, then earlier parents, along chains', () => {
    const { text } = read('A:\n  id: string\n  x: number\nB:\n  x: string\n  y: string\nC:\n  __extends: A, B\n  id: number\nD:\n  __extends: C\n  z: any');
    expect(text).toContain('interface D {\n  id: number;\n  x: number;\n  y: string;\n  z: any;\n}');
  });

  it('has an index signature by __string, alone, beside other fields and recursive', () => {
    const { text, definitions } = read('A:\n  __string: any\nB:\n  id: string\n  __string: B | string');
    expect(text).toContain('interface A {\n  [key: string]: any;\n}');
    expect(text).toContain('interface B {\n  [key: string]: B | string;\n  id: string;\n}');
    expect(definitions['A']).toEqual({ type: 'object' });
    expect(definitions['B']?.['additionalProperties']).toEqual({ anyOf: [{ $ref: '#/definitions/B' }, { type: 'string' }] });
  });

  it('may refer to itself through another one, with a warning', () => {
    const { problems } = read('A:\n  b: B[]\nB:\n  a: A | null\nC:\n  a: A');
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['cyclic_model', 4],
      ['cyclic_model', 6],
    ]);
  });

  it('of literals alone is allowed', () => {
    expect(read('M:\n  type: active').definitions['M']).toMatchObject({ properties: { type: { const: 'active' } } });
  });

  it('may be merged from an anchor', () => {
    expect(read('A: &a\n  id: string\nB:\n  <<: *a\n  x: number').text).toContain('interface B {\n  id: string;\n  x: number;\n}');
  });

  it('parses into the fields that are sent to the server', () => {
    const { manifest } = read('A:\n  id: string\n  tags?: string[]\n  state: open | null\n  one: 1\n  nested:\n    b: A');
    expect(manifest.models[0]?.fields).toEqual([
      { name: 'id', value: 'string', tsType: true, array: false, optional: false },
      { name: 'tags', value: 'string', tsType: true, array: true, optional: true },
      {
        name: 'state',
        value: [
          { name: '0', value: 'open', array: false, optional: false },
          { name: '1', value: null, tsType: true, array: false, optional: false },
        ],
        union: true,
        optional: false,
      },
      { name: 'one', value: 1, tsType: true },
      { name: 'nested', value: [{ name: 'b', value: 'A', model: true, array: false, optional: false }], optional: false },
    ]);
  });
});
