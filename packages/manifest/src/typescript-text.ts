import type { ModelDefinition, ModelField } from 'model';

const identifier = /^[A-Za-z_$][\w$]*$/;

/** Types of the language that a field may stand for; a model of the same name hides them within its file. */
const globals = new Set(['Date', 'Record']);

/** The models as TypeScript: an interface each, a type each for the anonymous ones. */
export function modelsAsTypeScript(models: ModelDefinition[]): string {
  const hidden = new Set(models.map(({ name }) => name).filter((name) => globals.has(name)));
  return models.map((model) => modelText(model, hidden)).join('\n\n');
}

function modelText({ name, fields, isAnon }: ModelDefinition, hidden: Set<string>): string {
  const [only] = fields;
  if (isAnon && only) return `/** @deprecated It is recommended to use a Model */\nexport type ${name} = ${typeText(only, hidden, '')};`;
  return `export interface ${name} ${membersText(fields, hidden, '')}`;
}

function membersText(fields: ModelField[], hidden: Set<string>, indent: string): string {
  if (fields.length === 0) return '{}';
  const inner = `${indent}  `;
  const ordered = [...fields.filter((field) => field.dynamic), ...fields.filter((field) => !field.dynamic)];
  const lines = ordered.map((field) => `${inner}${keyText(field)}: ${typeText(field, hidden, inner)};`);
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function keyText({ name, optional, dynamic }: ModelField): string {
  if (dynamic) return '[key: string]';
  return `${identifier.test(name) ? name : JSON.stringify(name)}${optional ? '?' : ''}`;
}

function typeText(field: ModelField, hidden: Set<string>, indent: string): string {
  const { value, union, array, model, tsType } = field;
  if (Array.isArray(value)) {
    if (!union && !array) return membersText(value, hidden, indent);
    const text = value.map((member) => typeText(member, hidden, indent)).join(' | ');
    return array ? `(${text})[]` : text;
  }
  const text = tsType ? visible(String(value), hidden) : model ? String(value) : JSON.stringify(value);
  return array ? `${text}[]` : text;
}

function visible(type: string, hidden: Set<string>): string {
  const name = type.replace(/<.*/, '');
  return hidden.has(name) && globals.has(name) ? `globalThis.${type}` : type;
}
