/** A place in the list of operations, newest first. */
export type OperationPlace = { startedAt: Date; id: string };

const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export function toCursor({ startedAt, id }: OperationPlace): string {
  return `${startedAt.toISOString()}_${id}`;
}

/** The place, or null for anything that is none. */
export function fromCursor(cursor: string): OperationPlace | null {
  const [, at, id] = form.exec(cursor) ?? [];
  const startedAt = new Date(at ?? Number.NaN);
  return id && !Number.isNaN(startedAt.getTime()) ? { startedAt, id } : null;
}
