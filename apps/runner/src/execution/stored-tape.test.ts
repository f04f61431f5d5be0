import { expect, it } from 'vitest';
import { StoredTape } from './stored-tape.js';

it('a call carries all of the tape that is not known to be stored', () => {
  const tape = new StoredTape(10);
  expect(tape.piece()).toBeNull();
  tape.grow('abc');
  const first = tape.piece();
  tape.grow('de');
  const second = tape.piece();
  expect([first, second]).toEqual([
    { from: 10, text: 'abc' },
    { from: 10, text: 'abcde' },
  ]);
  tape.stored(second);
  tape.grow('f');
  // Answered late: what it stored is stored already.
  tape.stored(first);
  expect(tape.piece()).toEqual({ from: 15, text: 'f' });
});
