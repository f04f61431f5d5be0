/** One page of a list and where the next one starts. */
export interface Page<T> {
  items: T[];
  /** Opaque; null on the last page. */
  next: string | null;
}

/** Cuts a page out of a list; the cursor is opaque to callers, as external APIs like it. Null for a cursor nobody gave out. */
export function pageOf<T>(all: T[], { cursor, size }: { cursor: string | undefined; size: number }): Page<T> | null {
  const start = cursor === undefined || cursor === '' ? 0 : readCursor(cursor);
  if (start === null) return null;
  const items = all.slice(start, start + size);
  return { items, next: start + size < all.length ? writeCursor(start + size) : null };
}

const writeCursor = (position: number): string => Buffer.from(`at:${position}`).toString('base64url');

function readCursor(cursor: string): number | null {
  const position = /^at:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  return position === undefined ? null : Number(position);
}
