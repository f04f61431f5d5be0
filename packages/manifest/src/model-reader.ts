import type { ModelDefinition, ModelField } from 'model';
import { type FieldType, readType, type TypeRemark } from './field-type.js';
import type { Place } from './place.js';

const validName = /^[a-zA-Z0-9_]+$/;

/** Reads `models:`; knows every model by name, and takes in the anonymous ones that inputs and outputs make. */
export class ModelReader {
  readonly #places = new Map<string, Place>();
  readonly #fields = new Map<string, ModelField[]>();
  readonly #anonymous: ModelDefinition[] = [];
  readonly #inheriting: string[] = [];

  constructor(models: Place | undefined) {
    if (models && !models.isMap && models.scalar !== null) models.error('wrong_type', 'models is a map of model names to their fields');
    for (const { key, value, name } of models?.entries() ?? []) {
      if (!validName.test(key))
        name.error('invalid_model_name', `'${key}' holds a character that a model's name may not have; letters, digits and _ are allowed`);
      else if (!value.isMap) value.error('wrong_type', `a model is a map of fields to types, for example { id: string }`);
      else this.#places.set(key, value);
    }
    for (const name of this.#places.keys()) this.fieldsOf(name);
    this.#warnOfCycles();
  }

  has(name: string): boolean {
    return this.#places.has(name);
  }

  all(): ModelDefinition[] {
    return [...[...this.#places.keys()].map((name) => ({ name, fields: this.fieldsOf(name) })), ...this.#anonymous];
  }

  /** The model that an input or output names; a written type becomes the anonymous model `anonymousName`. */
  resolve(place: Place, text: string, { anonymousName, field }: { anonymousName: string; field: 'input' | 'output' }): string {
    if (this.has(text.trim())) return text.trim();
    place.warning('model_is_literal', `'${text}' is a written type; a model of its own is easier to use and to change`);
    const type = readType(text, (name) => this.has(name), report(place));
    this.#anonymous.push({ name: anonymousName, fields: [{ name: field, ...type, optional: false }], isAnon: true });
    return anonymousName;
  }

  /** A model's fields, inherited ones first. Own fields win, then those of earlier parents. */
  fieldsOf(name: string): ModelField[] {
    const known = this.#fields.get(name);
    if (known) return known;
    const place = this.#places.get(name);
    if (!place) return this.#anonymous.find((model) => model.name === name)?.fields ?? [];
    const fields = new Map<string, ModelField>();
    for (const field of this.#inherited(name, place)) if (!fields.has(field.name)) fields.set(field.name, field);
    for (const field of this.#readFields(place)) fields.set(field.name, field);
    const result = dynamicLast([...fields.values()]);
    this.#fields.set(name, result);
    return result;
  }

  /** The named models and everything they refer to, each once. */
  closure(names: string[]): string[] {
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const next of references(this.fieldsOf(name))) visit(next);
    };
    for (const name of names) visit(name);
    return [...seen];
  }

  #inherited(name: string, place: Place): ModelField[] {
    const parents = place.at('__extends');
    if (!parents) return [];
    const names = parents.isList ? parents.items().map((item) => item.text ?? '') : (parents.text ?? '').split(',');
    this.#inheriting.push(name);
    const fields = names.map((parent) => parent.trim()).flatMap((parent) => this.#parentFields(name, parent, parents));
    this.#inheriting.pop();
    return fields;
  }

  #parentFields(name: string, parent: string, place: Place): ModelField[] {
    if (!this.has(parent)) {
      place.error('model_extends_not_found', `'${name}' extends '${parent}', which is no model of this file`);
      return [];
    }
    if (this.#inheriting.includes(parent)) {
      place.error('model_extends_itself', `'${parent}' extends itself, directly or through another model`);
      return [];
    }
    return this.fieldsOf(parent);
  }

  #readFields(place: Place): ModelField[] {
    return place
      .entries()
      .filter(({ key }) => key !== '__extends')
      .map(({ key, value }) => {
        const dynamic = key === '__string';
        const optional = key.endsWith('?');
        const type = this.#readValue(value);
        const marked = 'tsType' in type && !('array' in type) && !optional ? {} : { optional };
        return { name: optional ? key.slice(0, -1) : key, ...type, ...marked, ...(dynamic ? { dynamic } : {}) };
      });
  }

  #readValue(place: Place): FieldType {
    if (place.isMap) return { value: dynamicLast(this.#readFields(place)) };
    if (place.isList) return this.#readList(place);
    const { scalar } = place;
    if (typeof scalar === 'string') return readType(scalar, (name) => this.has(name), report(place));
    if (typeof scalar === 'number' || typeof scalar === 'boolean' || scalar === null) return { value: scalar, tsType: true };
    place.error('empty_type', `a type is missing; write for example 'string', or a model's name`);
    return { value: null, tsType: true };
  }

  #readList(place: Place): FieldType {
    const items = place.items();
    if (items.length === 0) place.error('empty_type', `an empty list says nothing of its items; write 'any[]' or [TypeOfTheItems]`);
    return { value: items.map((item, index) => ({ name: String(index), ...this.#readValue(item), optional: false })), array: true };
  }

  #warnOfCycles(): void {
    for (const [name, place] of this.#places) {
      const direct = references(this.fieldsOf(name));
      if (this.closure(direct).includes(name)) place.warning('cyclic_model', `'${name}' refers to itself, directly or through another model`);
    }
  }
}

function report(place: Place): (remark: TypeRemark) => void {
  return ({ code, message }) => (code === 'model_not_found_fallback' ? place.warning(code, message) : place.error(code, message));
}

function dynamicLast(fields: ModelField[]): ModelField[] {
  return [...fields.filter((field) => !field.dynamic), ...fields.filter((field) => field.dynamic)];
}

function references(fields: ModelField[]): string[] {
  return fields.flatMap((field) => {
    if (Array.isArray(field.value)) return references(field.value);
    return field.model && typeof field.value === 'string' ? [field.value] : [];
  });
}
