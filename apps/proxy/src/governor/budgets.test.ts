import { describe, expect, it } from 'vitest';
import { findProvider } from 'providers';
import { type ConnectionRow, notMadeYet, type Target } from '../connection/target.js';
import { budgetsOf, priorityOf } from './budgets.js';

const provider = findProvider('private-api-bearer');
if (!provider?.proxy) throw new Error('the catalogue has no private-api-bearer');
const api = provider.proxy;

const aTarget = (row: Partial<ConnectionRow>, rateLimit?: NonNullable<typeof provider.proxy>['rate_limit']): Target => ({
  connection: { id: 7, integrationId: 3, environmentId: 1, rateLimit: null, integrationRateLimit: null, ...row } as ConnectionRow, // nothing else is looked at
  provider: { ...provider, proxy: { ...api, rate_limit: rateLimit } },
  credentials: { type: 'API_KEY', apiKey: 'key' },
  credentialVersion: 1,
  issuedAt: null,
});
const perMinute = { requests: 60, per_seconds: 60 };

describe('the budgets of a call', () => {
  it("are its connection's own, which learns", () => {
    expect(budgetsOf(aTarget({}))).toMatchObject([{ scope: 'connection', id: 7, learns: true, stated: [] }]);
  });

  it('are none of its own for a connection that is not made yet: one provider that says no would keep everybody from connecting', () => {
    const id = notMadeYet;
    expect(budgetsOf(aTarget({ id }))).toEqual([]);
    expect(budgetsOf(aTarget({ id }, { counts: 'integration', limits: [] }))).toMatchObject([{ scope: 'integration', id: 3 }]);
    expect(budgetsOf(aTarget({ id, integrationRateLimit: { ...perMinute, counts: 'integration' } }))).toMatchObject([{ scope: 'integration', id: 3 }]);
  });

  it("let a tenth through at once and the rest evenly, so that a minute's limit holds in every minute", () => {
    expect(budgetsOf(aTarget({ rateLimit: perMinute }))).toMatchObject([{ stated: [{ source: 'setting', capacity: 6, perSecond: 0.9 }] }]);
    expect(budgetsOf(aTarget({ rateLimit: { requests: 1, per_seconds: 10 } }))).toMatchObject([{ stated: [{ capacity: 1, perSecond: 0.1 }] }]);
  });

  it('let a burst through beside the rate where one is named', () => {
    expect(budgetsOf(aTarget({ rateLimit: { ...perMinute, burst: 20 } }))).toMatchObject([{ stated: [{ capacity: 20, perSecond: 1 }] }]);
  });

  it("follow the connection's setting, then its integration's, then the catalogue", () => {
    const catalogue = { counts: 'connection' as const, limits: [{ requests: 30, per_seconds: 1 }] };
    const forEach = { requests: 20, per_seconds: 1, counts: 'connection' as const };
    const own = { requests: 10, per_seconds: 1 };
    const stated = (row: Partial<ConnectionRow>) =>
      budgetsOf(aTarget(row, catalogue)).map(({ stated: limits }) => limits.map(({ source, capacity }) => [source, capacity]));
    expect(stated({ rateLimit: own, integrationRateLimit: forEach })).toEqual([[['setting', 1]]]);
    expect(stated({ integrationRateLimit: forEach })).toEqual([[['setting', 2]]]);
    expect(stated({})).toEqual([[['catalogue', 3]]]);
  });

  it('are those of the whole integration where the team or the catalogue counts so', () => {
    const forAll = { requests: 100, per_seconds: 1, counts: 'integration' as const };
    expect(budgetsOf(aTarget({ integrationRateLimit: forAll }))).toMatchObject([
      { scope: 'connection', id: 7, learns: true, stated: [] },
      { scope: 'integration', id: 3, learns: false, stated: [{ source: 'setting' }] },
    ]);
    expect(budgetsOf(aTarget({}, { counts: 'integration', limits: [] }))).toMatchObject([{ scope: 'integration', id: 3, learns: true }]);
    expect(budgetsOf(aTarget({ rateLimit: perMinute }, { counts: 'integration', limits: [] }))).toMatchObject([
      { scope: 'connection', learns: false, stated: [{ source: 'setting' }] },
      { scope: 'integration', learns: true },
    ]);
  });

  it('learn nothing where each endpoint is counted by itself', () => {
    expect(budgetsOf(aTarget({}, { counts: 'endpoint', limits: [] }))).toMatchObject([{ scope: 'connection', learns: false }]);
  });
});

describe('the priority of a run', () => {
  it.each([
    ['action', null, 'interactive'],
    ['webhook', 'WEBHOOK', 'webhook'],
    ['event', null, 'webhook'],
    ['sync', 'INCREMENTAL', 'incremental'],
    ['sync', 'INITIAL', 'backfill'],
  ] as const)('of %s %s is %s', (rootKind, rootRunKind, priority) => {
    expect(priorityOf({ rootKind, rootRunKind })).toBe(priority);
  });
});
