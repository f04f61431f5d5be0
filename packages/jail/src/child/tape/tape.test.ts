import { describe, expect, it } from 'vitest';
import { Tape } from './tape.js';

function aTape(recorded = '', maxLength?: number): { tape: Tape; went: (string | null)[] } {
  const went: (string | null)[] = [];
  return { went, tape: new Tape({ recorded, spill: () => undefined, wentLive: (divergence) => went.push(divergence), ...(maxLength ? { maxLength } : {}) }) };
}

/** One of each. */
function readAll(tape: Tape): unknown[] {
  return [tape.clock(), tape.steadyClock(), tape.random(), tape.random(), tape.randomBytes(4), tape.computed(() => `signed ${Math.random()}`), tape.clock()];
}

describe('a tape', () => {
  it('gives back every kind of value in the order in which it was read', () => {
    const { tape } = aTape();
    const values = readAll(tape);
    tape.delivered({ kind: 'R', id: 2 });
    tape.delivered({ kind: 'R', id: 1 });
    tape.delivered({ kind: 'T', id: 1 });
    const { tape: again, went } = aTape(tape.take());
    expect(readAll(again)).toEqual(values);
    const deliveries = Array.from({ length: 3 }, () => {
      const next = again.expected();
      if (next) again.delivered(next);
      return next;
    });
    expect(deliveries).toEqual([
      { kind: 'R', id: 2 },
      { kind: 'R', id: 1 },
      { kind: 'T', id: 1 },
    ]);
    expect(again.expected()).toBeNull();
    expect(went).toEqual([null]);
    expect(again.take()).toBe('');
  });

  it('goes live at its end and is recorded further, over any number of attempts', () => {
    let recorded = '';
    const values: unknown[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      const { tape } = aTape(recorded);
      expect(values.map(() => [tape.clock(), tape.random(), tape.randomBytes(2)])).toEqual(values);
      values.push([tape.clock(), tape.random(), tape.randomBytes(2)]);
      recorded += tape.take();
    }
    expect(new Set(values.map(String)).size).toBe(4);
  });

  it('keeps a million readings of the clock in a few kilobytes', () => {
    const { tape } = aTape();
    for (let n = 0; n < 1_000_000; n++) tape.clock();
    expect(tape.take().length).toBeLessThan(20_000);
  });

  it('says once what was expected and what was found, and drops its rest', () => {
    const { tape } = aTape();
    tape.clock();
    tape.delivered({ kind: 'R', id: 1 });
    tape.clock();
    const recorded = tape.take();
    const { tape: other, went } = aTape(recorded);
    const first = other.clock();
    const fresh = other.random();
    expect(went).toEqual(['Entry 2 of the tape is the answer of call 1, but the script asks for a random number']);
    const { tape: third } = aTape(recorded + other.take());
    expect([third.clock(), third.random(), third.isReplaying]).toEqual([first, fresh, true]);
    third.clock();
    expect(third.isReplaying).toBe(false);
  });

  it('draws new random numbers after a divergence', () => {
    const { tape } = aTape();
    const used = [tape.random(), tape.random()];
    const { tape: other } = aTape(tape.take());
    expect(other.random()).toBe(used[0]);
    other.clock();
    expect(used).not.toContain(other.random());
  });

  it('takes other random bytes than it has for a divergence', () => {
    const { tape } = aTape();
    const bytes = tape.randomBytes(4);
    const { tape: other, went } = aTape(tape.take());
    expect(other.randomBytes(5)).not.toContain(bytes);
    expect(went[0]).toMatch(/Entry 1 of the tape is random bytes, but the script asks for random bytes/);
  });

  it('says that it is full, and stays so when the run is resumed', () => {
    const { tape } = aTape('', 100);
    while (!tape.isFull) tape.randomBytes(10);
    const recorded = tape.take();
    expect(recorded.length).toBeLessThanOrEqual(100);
    const { tape: again } = aTape(recorded, 100);
    for (let n = 0; n < 10; n++) again.randomBytes(10);
    expect([again.take(), again.isFull]).toEqual(['', true]);
  });

  it('never lets the steady clock go back or jump when the run goes on live', () => {
    const { tape } = aTape('Pzzz');
    const recorded = tape.steadyClock();
    expect(tape.steadyClock() - recorded).toBeGreaterThanOrEqual(0);
    expect(tape.steadyClock() - recorded).toBeLessThan(1_000);
  });
});
