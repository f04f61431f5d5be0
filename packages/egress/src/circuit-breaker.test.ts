import { describe, expect, it } from 'vitest';
import { CircuitBreaker, type Passage } from './circuit-breaker.js';

const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
const closed: Passage = { kind: 'closed' };

describe('the circuit breaker of a host', () => {
  const fail = (breaker: CircuitBreaker, times: number, now = 0, error: unknown = refused) => {
    for (let time = 0; time < times; time++) breaker.failed('a', breaker.enter('a', now), { error, now });
  };
  const opened = () => {
    const breaker = new CircuitBreaker({ failures: 3, openMs: 1_000, longestOpenMs: 3_000 });
    fail(breaker, 3);
    return breaker;
  };

  it('opens after so many failures in a row, for this host alone', () => {
    const breaker = new CircuitBreaker({ failures: 3, openMs: 1_000 });
    fail(breaker, 2);
    expect(breaker.enter('a', 0)).toEqual(closed);
    breaker.failed('a', closed, { error: refused, now: 0 });
    expect(breaker.enter('a', 400)).toEqual({ kind: 'open', retryAfterMs: 600 });
    expect(breaker.enter('b', 400)).toEqual(closed);
  });

  it('counts anew after any answer', () => {
    const breaker = new CircuitBreaker({ failures: 3 });
    fail(breaker, 2);
    breaker.answered('a');
    fail(breaker, 2);
    expect(breaker.enter('a', 0)).toEqual(closed);
  });

  it.each([new DOMException('left', 'AbortError'), new Error('ours'), Object.assign(new Error('cut'), { code: 'UND_ERR_BODY_TIMEOUT' })])(
    'does not count what is no failure of the host: %s',
    (error) => {
      const breaker = new CircuitBreaker({ failures: 3 });
      fail(breaker, 10, 0, error);
      expect(breaker.enter('a', 0)).toEqual(closed);
    },
  );

  it('lets one call through when its time is over, and no second one beside it', () => {
    const breaker = opened();
    expect(breaker.enter('a', 1_000)).toEqual({ kind: 'probe' });
    expect(breaker.enter('a', 1_000)).toMatchObject({ kind: 'open' });
    breaker.answered('a');
    expect(breaker.enter('a', 1_000)).toEqual(closed);
  });

  it('is open twice as long after each probe that failed, up to a bound', () => {
    const breaker = opened();
    for (const [now, openMs] of [
      [1_000, 2_000],
      [3_000, 3_000],
      [6_000, 3_000],
    ] as const) {
      fail(breaker, 1, now);
      expect(breaker.enter('a', now)).toEqual({ kind: 'open', retryAfterMs: openMs });
    }
  });

  it('lets the next one probe when a probe was given up', () => {
    const breaker = opened();
    breaker.failed('a', breaker.enter('a', 1_000), { error: new DOMException('left', 'AbortError'), now: 1_000 });
    expect(breaker.enter('a', 1_000)).toEqual({ kind: 'probe' });
  });

  it('is not opened for longer by calls that were under way when it opened', () => {
    const breaker = opened();
    for (let late = 0; late < 20; late++) breaker.failed('a', closed, { error: refused, now: 500 });
    expect(breaker.enter('a', 500)).toEqual({ kind: 'open', retryAfterMs: 500 });
  });

  it('lets another call probe when one takes long', () => {
    const breaker = opened();
    expect(breaker.enter('a', 1_000)).toEqual({ kind: 'probe' });
    expect(breaker.enter('a', 1_500)).toEqual({ kind: 'open', retryAfterMs: 500 });
    expect(breaker.enter('a', 2_000)).toEqual({ kind: 'probe' });
  });

  it('closes when a call that was under way is answered after all', () => {
    const breaker = opened();
    breaker.answered('a');
    expect(breaker.enter('a', 1)).toEqual(closed);
  });
});
