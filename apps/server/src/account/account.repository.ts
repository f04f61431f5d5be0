import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database, POOL, type Pool } from 'database';

const seedLock = 7_203_311;

@Injectable()
export class AccountRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(POOL) private readonly pool: Pool,
  ) {}

  async findOrCreate(name: string): Promise<number> {
    const found = await this.database.account.findFirst({ where: { name }, select: { id: true }, orderBy: { id: 'asc' } });
    return (found ?? (await this.database.account.create({ data: { name }, select: { id: true } }))).id;
  }

  /** Runs `work` while no other server does the same: two that boot at once would make two accounts. */
  async alone(work: () => Promise<void>): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [seedLock]);
      await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [seedLock]);
      client.release();
    }
  }
}
