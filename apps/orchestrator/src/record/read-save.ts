import { AppError, SaveHead } from 'model';

const newline = 0x0a;

/** The two parts of a save's body. @throws AppError `invalid_body` when there is no head that can be read */
export function readSave(body: Uint8Array): { head: SaveHead; records: Uint8Array } {
  const end = body.indexOf(newline);
  const head = SaveHead.safeParse(parse(body.subarray(0, Math.max(end, 0))));
  if (!head.success) throw new AppError('invalid_body', { message: 'A save starts with a line of JSON: call, model and operation' });
  return { head: head.data, records: body.subarray(end + 1) };
}

function parse(line: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(line).toString('utf8'));
  } catch {
    return undefined;
  }
}
