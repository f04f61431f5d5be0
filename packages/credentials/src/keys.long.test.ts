import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { safeEqual } from './keys.js';

const compares = 200_000;
/** As dudect does: beyond this |t| the two classes are told apart. */
const mostT = 4.5;

it('takes as long for a right prefix as for a wrong one (K-04)', () => {
  const secret = randomBytes(32).toString('hex');
  const candidates = [`${secret.slice(0, -1)}!`, `!${secret.slice(1)}`];
  const times: [number[], number[]] = [[], []];
  for (let turn = 0; turn < compares; turn++) {
    // The order of the classes is random, so that what the machine does in between falls on both.
    const kind = Math.random() < 0.5 ? 0 : 1;
    const before = process.hrtime.bigint();
    safeEqual(candidates[kind] ?? '', secret);
    times[kind].push(Number(process.hrtime.bigint() - before));
  }
  expect(Math.abs(welchT(...times))).toBeLessThan(mostT);
});

/** Welch's t of two samples, without the slowest twentieth of both: collections of garbage and other processes. */
function welchT(one: number[], other: number[]): number {
  const limit = [...one, ...other].sort((a, b) => a - b)[Math.floor((one.length + other.length) * 0.95)] ?? Infinity;
  const [a, b] = [momentsOf(one.filter((time) => time < limit)), momentsOf(other.filter((time) => time < limit))];
  return (a.mean - b.mean) / Math.sqrt(a.variance / a.count + b.variance / b.count);
}

function momentsOf(times: number[]): { mean: number; variance: number; count: number } {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (times.length - 1);
  return { mean, variance, count: times.length };
}
