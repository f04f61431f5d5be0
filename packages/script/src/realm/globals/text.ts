import { Buffer } from 'buffer/index.js';
import { asBuffer } from './buffer.js';

/** UTF-8 only, as the platform's own. */
export class TextEncoder {
  readonly encoding = 'utf-8';

  encode(text: unknown = ''): Uint8Array {
    return new Uint8Array(Buffer.from(String(text), 'utf8'));
  }
}

/** Decodes UTF-8, UTF-16LE and Latin-1. */
export class TextDecoder {
  readonly encoding: string;

  constructor(label: unknown = 'utf-8') {
    this.encoding = String(label).toLowerCase();
  }

  decode(input?: ArrayBuffer | Uint8Array): string {
    if (input === undefined) return '';
    const bytes = input instanceof ArrayBuffer ? Buffer.from(input) : asBuffer(input);
    const text = bytes.toString(this.#name());
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  #name(): 'utf8' | 'utf16le' | 'latin1' {
    if (this.encoding === 'utf-16le' || this.encoding === 'utf-16') return 'utf16le';
    return this.encoding === 'latin1' || this.encoding === 'iso-8859-1' || this.encoding === 'windows-1252' ? 'latin1' : 'utf8';
  }
}

export function atob(text: unknown): string {
  return Buffer.from(String(text), 'base64').toString('latin1');
}

export function btoa(text: unknown): string {
  return Buffer.from(String(text), 'latin1').toString('base64');
}
