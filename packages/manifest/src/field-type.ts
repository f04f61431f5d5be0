import type { ModelField } from 'model';

/** A field without its name and optional mark. */
export type FieldType = Omit<ModelField, 'name' | 'optional'>;

/** What is remarkable about a written type; the caller says where it stands. */
export type TypeRemark = { code: 'type_syntax_error' | 'empty_type' | 'model_not_found_fallback'; message: string };

const aliases: Record<string, string> = {
  integer: 'number',
  int: 'number',
  float: 'number',
  number: 'number',
  char: 'string',
  varchar: 'string',
  string: 'string',
  bool: 'boolean',
  boolean: 'boolean',
  bigint: 'bigint',
  date: 'Date',
  object: 'Record<string, any>',
  any: 'any',
  array: 'any[]',
  undefined: 'undefined',
  never: 'never',
  void: 'void',
};

/** Reads a written type (surface 2.3): union, array, alias, literal, model, and at last a string literal. */
export function readType(text: string, isModel: (name: string) => boolean, remark: (remark: TypeRemark) => void): FieldType {
  const written = text.trim();
  const generic = /^[A-Za-z_]\w*\s*</.exec(written);
  if (generic) {
    remark({ code: 'type_syntax_error', message: `'${written}' is a TypeScript generic, which models do not have; write the fields out, or use 'object'` });
    return literal(written);
  }
  if (written.includes('|')) {
    const members = written.split('|').map((part, index) => ({ name: String(index), ...readType(part, isModel, remark), optional: false }));
    return { value: members, union: true };
  }
  if (written === '') {
    remark({ code: 'empty_type', message: `a type is missing; write for example 'string', or a model's name` });
    return literal('');
  }
  return readSingle(written, isModel, remark);
}

function readSingle(written: string, isModel: (name: string) => boolean, remark: (remark: TypeRemark) => void): FieldType {
  if (written.endsWith('[]')) {
    const item = readType(written.slice(0, -2), isModel, remark);
    return item.array ? { value: [{ name: '0', ...item, optional: false }], array: true } : { ...item, array: true };
  }
  const alias = Object.hasOwn(aliases, written.toLowerCase()) ? aliases[written.toLowerCase()] : undefined;
  if (alias) return { value: alias, tsType: true, array: false };
  const native = nativeLiteral(written);
  if (native !== undefined) return { value: native, tsType: true, array: false };
  if (isModel(written)) return { value: written, model: true, array: false };
  const quoted = /^(['"])(.*)\1$/.exec(written);
  if (quoted) return literal(quoted[2] ?? '');
  remark({ code: 'model_not_found_fallback', message: `'${written}' is no model; it is taken as a string of that content` });
  return literal(written);
}

function literal(value: string): FieldType {
  return { value, array: false };
}

/** `2fast` is 2: the leading number counts, as it always has. */
function nativeLiteral(written: string): number | boolean | null | undefined {
  if (written === 'true' || written === 'false') return written === 'true';
  if (written === 'null') return null;
  const whole = Number(written);
  if (Number.isFinite(whole)) return whole;
  const leading = Number.parseInt(written, 10);
  return Number.isNaN(leading) ? undefined : leading;
}
