import { Inject, Injectable } from '@nestjs/common';
import { listen, type Pool, type Subscription } from 'database';
import { type BudgetChange, budgetKey, type BudgetRef, type BudgetStore, emptyBudget } from 'egress';
import { BudgetState, channels } from 'model';
import { RELAXED_POOL } from '../tokens.js';

type Known = { state: BudgetState; version: number };
type Row = { state: unknown; version: number; now: number };

const now = 'extract(epoch FROM clock_timestamp()) * 1000';
const read = `SELECT state, version, (${now})::float8 AS now FROM rate_budget WHERE environment_id = $1 AND scope = $2 AND owner_id = $3`;
const replace = `WITH changed AS (
    UPDATE rate_budget SET state = $4, version = version + 1, updated_at = now()
    WHERE environment_id = $1 AND scope = $2 AND owner_id = $3 AND version = $5 RETURNING version
  ) SELECT version, (${now})::float8 AS now, CASE WHEN $6 THEN pg_notify($7, $2 || ':' || $3) END AS told FROM changed`;
const insert = `INSERT INTO rate_budget (environment_id, scope, owner_id, state) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;
const mostRemembered = 20_000;

/** Rate budgets as all proxies share them. Each change names the state it was made from; whoever was slower makes it again. */
@Injectable()
export class BudgetRepository implements BudgetStore {
  /** The newest states that this process has seen: mostly nobody else has changed them since. */
  private readonly known = new Map<string, Known>();
  /** The database's clock, as far ahead of ours. */
  private offsetMs = 0;

  constructor(@Inject(RELAXED_POOL) private readonly pool: Pool) {}

  async isKnown(budget: BudgetRef): Promise<boolean> {
    const row = await this.read(budget);
    return row !== null && (row.state.limits.length > 0 || row.state.blockedUntil > Date.now() + this.offsetMs);
  }

  async change<T>(budget: BudgetRef, change: (state: BudgetState, now: number) => BudgetChange<T>): Promise<T> {
    const key = budgetKey(budget);
    let before = this.known.get(key) ?? (await this.open(budget));
    for (;;) {
      const { state, result, urgent } = change(before.state, Date.now() + this.offsetMs);
      const version = await this.replace(budget, { state, version: before.version }, urgent);
      if (version !== null) {
        this.remember(key, { state, version });
        return result;
      }
      before = await this.open(budget);
    }
  }

  follow(onChange: (key: string) => void): Promise<Subscription> {
    return listen(this.pool, channels.rateBudget, onChange);
  }

  private async open(budget: BudgetRef): Promise<Known> {
    for (;;) {
      const row = await this.read(budget);
      if (row) return row;
      await this.pool.query({ name: 'rate_budget_insert', text: insert, values: [...names(budget), JSON.stringify(emptyBudget)] });
    }
  }

  private async read(budget: BudgetRef): Promise<Known | null> {
    const { rows } = await this.pool.query<Row>({ name: 'rate_budget_read', text: read, values: names(budget) });
    const [row] = rows;
    if (!row) return null;
    this.offsetMs = row.now - Date.now();
    // What another version of the platform has written and nobody understands is learned anew.
    return { state: BudgetState.catch(emptyBudget).parse(row.state), version: row.version };
  }

  private async replace(budget: BudgetRef, { state, version }: Known, urgent: boolean): Promise<number | null> {
    const values = [...names(budget), JSON.stringify(state), version, urgent, channels.rateBudget];
    const { rows } = await this.pool.query<{ version: number; now: number }>({ name: 'rate_budget_replace', text: replace, values });
    return rows[0]?.version ?? null;
  }

  private remember(key: string, known: Known): void {
    this.known.delete(key);
    this.known.set(key, known);
    const [oldest] = this.known.keys();
    if (this.known.size > mostRemembered && oldest !== undefined) this.known.delete(oldest);
  }
}

const names = ({ environmentId, scope, id }: BudgetRef): [number, string, number] => [environmentId, scope, id];
