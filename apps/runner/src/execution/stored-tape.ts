import type { TapePiece } from 'model';

/** The part of a run's tape that is not known to be stored yet. */
export class StoredTape {
  #from: number;
  #text = '';

  /** @param length of what earlier attempts have left */
  constructor(length: number) {
    this.#from = length;
  }

  grow(text: string): void {
    this.#text += text;
  }

  /** Everything from the last position known to be stored; null when that is all. */
  piece(): TapePiece | null {
    return this.#text === '' ? null : { from: this.#from, text: this.#text };
  }

  /** A call that carried this piece was answered. */
  stored(piece: TapePiece | null): void {
    const end = piece ? piece.from + piece.text.length : 0;
    if (end <= this.#from) return;
    this.#text = this.#text.slice(end - this.#from);
    this.#from = end;
  }
}
