type Copies = Map<object, object>;

/** `structuredClone` for what scripts hold: also dates, maps, sets, bytes, errors and circles; as the language's own, it refuses functions and symbols. */
export function structuredClone(value: unknown): unknown {
  return copy(value, new Map());
}

function copy(value: unknown, copies: Copies): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw refusal(value);
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known) return known;
  const whole = copyWhole(value);
  if (whole) copies.set(value, whole);
  return whole ?? copyParts(value, copies);
}

/** Of what holds nothing else; undefined for the rest. */
function copyWhole(value: object): object | undefined {
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) throw refusal(value);
  return undefined;
}

function copyParts(value: object, copies: Copies): object {
  if (value instanceof Map) {
    const map = remember(copies, value, new Map());
    for (const [key, item] of value) map.set(copy(key, copies), copy(item, copies));
    return map;
  }
  if (value instanceof Set) {
    const set = remember(copies, value, new Set());
    for (const item of value) set.add(copy(item, copies));
    return set;
  }
  if (value instanceof Error) return copyError(value, copies);
  return copyFields(value, remember(copies, value, Array.isArray(value) ? Array.from({ length: value.length }) : {}), copies);
}

function copyError(error: Error, copies: Copies): Error {
  const copied = remember(copies, error, new Error(error.message));
  for (const [name, value] of Object.entries({ name: error.name, stack: error.stack, cause: copy(error.cause, copies) }))
    if (value !== undefined) Object.defineProperty(copied, name, { value, writable: true, enumerable: false, configurable: true });
  return copied;
}

function copyFields(source: object, target: object, copies: Copies): object {
  for (const [key, value] of Object.entries(source))
    Object.defineProperty(target, key, { value: copy(value, copies), writable: true, enumerable: true, configurable: true });
  return target;
}

function remember<T extends object>(copies: Copies, original: object, made: T): T {
  copies.set(original, made);
  return made;
}

function refusal(value: unknown): Error {
  const error = new Error(`${typeof value === 'symbol' ? value.toString() : String(value)} could not be cloned.`);
  error.name = 'DataCloneError';
  return error;
}
