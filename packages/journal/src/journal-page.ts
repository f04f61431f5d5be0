import { JournalHead } from 'model';

/** One call with its packed result, or its packed error as JSON; empty for an intent. */
export type JournalItem = JournalHead & { packed: Uint8Array };

const lengthBytes = 8;

/** Entries as bytes: for each the lengths of head and result, the head as JSON, the result. */
export function encodePage(items: JournalItem[]): Uint8Array {
  return Buffer.concat(
    items.flatMap(({ packed, seq, call, state, outside }) => {
      const head = Buffer.from(JSON.stringify({ seq, call, state, outside } satisfies JournalHead));
      const lengths = Buffer.alloc(lengthBytes);
      lengths.writeUInt32BE(head.byteLength, 0);
      lengths.writeUInt32BE(packed.byteLength, 4);
      return [lengths, head, packed];
    }),
  );
}

/** What {@link encodePage} encoded. */
export function decodePage(page: Uint8Array): JournalItem[] {
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  const items: JournalItem[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const head = at + lengthBytes;
    const result = head + bytes.readUInt32BE(at);
    const end = result + bytes.readUInt32BE(at + 4);
    items.push({ ...JournalHead.parse(JSON.parse(bytes.toString('utf8', head, result))), packed: bytes.subarray(result, end) });
    at = end;
  }
  return items;
}
