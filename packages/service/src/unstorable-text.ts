// What Postgres says of a NUL character, of an escaped one in JSON, and of half a surrogate pair in JSON.
const refusals = new Set(['22021', '22P05', '22P02']);

/** Whether a database error means that a text of the request cannot be kept; only the database knows, since much of it is never looked into. */
export function isUnstorableText(thrown: unknown): boolean {
  return thrown instanceof Error && sqlStates(thrown).some((state) => typeof state === 'string' && refusals.has(state));
}

/** Of an error of `pg`, and of Prisma's around one. */
function sqlStates(error: Error): unknown[] {
  return [at(error, ['code']), at(error, ['meta', 'driverAdapterError', 'cause', 'originalCode'])];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined), value);
}
