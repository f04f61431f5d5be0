export { CallIds } from './call-ids.js';
export { canonicalJson } from './canonical-json.js';
export { decodeAnswer, encodeAnswer, type ExternalAnswer } from './external-answer.js';
export { decodePage, encodePage, type JournalItem } from './journal-page.js';
export { pack, unpack } from './packed.js';
export { decodeError, encodeError, isResult } from './recorded-error.js';
export { mergeTape, type StoredPiece } from './tape.js';
