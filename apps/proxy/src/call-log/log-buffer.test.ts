import { describe, expect, it } from 'vitest';
import { LogBuffer } from './log-buffer.js';

describe('the buffer of the log', () => {
  const filled = (limit: number, entries: number[]) => {
    const buffer = new LogBuffer<number>(limit);
    for (const entry of entries) buffer.add(entry);
    return buffer;
  };

  it('gives out the oldest first', () => {
    const buffer = filled(10, [1, 2, 3]);
    expect([buffer.take(2), buffer.take(2), buffer.size]).toEqual([[1, 2], [3], 0]);
  });

  it('drops what has no room, and says once how much', () => {
    const buffer = filled(2, [1, 2, 3, 4]);
    expect([buffer.take(9), buffer.takeLost(), buffer.takeLost()]).toEqual([[1, 2], 2, 0]);
  });

  it('takes back what could not be written as far as there is room, in its old place', () => {
    const buffer = filled(3, [1, 2]);
    const batch = buffer.take(2);
    buffer.add(3);
    buffer.add(4);
    buffer.putBack(batch);
    expect([buffer.take(9), buffer.takeLost()]).toEqual([[1, 3, 4], 1]);
  });
});
