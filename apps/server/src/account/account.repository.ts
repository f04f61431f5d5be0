import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';

const seedLock = 7_203_311;

@Injectable()
export class AccountRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async findOrCreate(name: string): Promise<number> {
    const found = await this.database.account.findFirst({ where: { name }, select: { id: true }, orderBy: { id: 'asc' } });
    return (found ?? (await this.database.account.create({ data: { name }, select: { id: true } }))).id;
  }

  /** Runs `work` while no other server does the same: two that boot at once would make two accounts. */
  async alone(work: () => Promise<void>): Promise<void> {
    await this.database.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`select pg_advisory_xact_lock(${seedLock})`;
        await work();
      },
      { timeout: 60_000, maxWait: 60_000 },
    );
  }
}
