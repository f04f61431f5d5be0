import { describe, expect, it } from 'vitest';
import { TapeReader, TapeWriter } from './tape-text.js';

function written(entries: string[], options: { maxLength?: number; length?: number } = {}): string {
  const writer = new TapeWriter({ maxLength: 1_000, length: 0, spill: () => undefined, ...options });
  for (const entry of entries) writer.add(entry);
  return writer.take();
}

function read(text: string): string[] {
  const reader = new TapeReader(text);
  const entries: string[] = [];
  while (reader.kind !== null && reader.kind !== '?') entries.push(`${reader.kind}${reader.take()}`);
  return reader.kind === '?' ? [...entries, '?'] : entries;
}

describe('the text of a tape', () => {
  it('says the same entry many times in a few characters', () => {
    const entries = ['C1a', ...Array.from({ length: 1_000 }, () => 'C'), 'R', 'R', 'M', 'T-3'];
    expect(written(entries)).toBe('C1aC*rsR*2MT-3');
    expect(read(written(entries))).toEqual(entries);
  });

  it('is put together from what was taken in between', () => {
    const writer = new TapeWriter({ maxLength: 1_000, length: 0, spill: () => undefined });
    writer.add('C');
    const first = writer.take();
    writer.add('C');
    expect(read(first + writer.take())).toEqual(['C', 'C']);
    expect(writer.take()).toBe('');
  });

  it('ends at its limit with a whole entry, what is stored already counted', () => {
    const writer = new TapeWriter({ maxLength: 20, length: 10, spill: () => undefined });
    for (const entry of ['Babcd', 'Bcdef', 'Bef01', 'C']) writer.add(entry);
    expect(writer.take()).toBe('BabcdBcdef');
    expect(writer.isFull).toBe(true);
    writer.add('C1');
    expect(writer.take()).toBe('');
  });

  it('is handed on in parts when much comes together', () => {
    const parts: string[] = [];
    const writer = new TapeWriter({ maxLength: 10_000_000, length: 0, spill: (text) => parts.push(text) });
    for (let n = 0; n < 3; n++) writer.add(`B${String(n).repeat(600_000)}`);
    expect(writer.take().length + parts.join('').length).toBe(1_800_003);
    expect(parts.length).toBe(1);
  });

  it('forgets what lies behind a cut, also in the middle of a repetition and again later', () => {
    expect(read('C1C*5RX3T2')).toEqual(['C1', 'C', 'C', 'T2']);
    expect(read('C1C*5RX3T2R*3X5M')).toEqual(['C1', 'C', 'C', 'T2', 'R', 'M']);
    expect(read('C1RX0M')).toEqual(['M']);
    expect(read('C1RX2M')).toEqual(['C1', 'R', 'M']);
    expect(read('C1R*3X0')).toEqual([]);
  });

  it('is read up to what is no tape', () => {
    expect(read('C1R!M')).toEqual(['C1', 'R', '?']);
    expect(read('')).toEqual([]);
  });
});
