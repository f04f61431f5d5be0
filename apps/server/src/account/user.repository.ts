import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';

/** Who may sign in to the dashboard. */
export type User = { id: number; accountId: number; email: string; name: string; passwordHash: string };

const columns = { id: true, accountId: true, email: true, name: true, passwordHash: true } as const;

@Injectable()
export class UserRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  findByEmail(email: string): Promise<User | null> {
    return this.database.user.findUnique({ where: { email: email.toLowerCase() }, select: columns });
  }

  async upsert(user: Omit<User, 'id'>): Promise<void> {
    const { accountId, name, passwordHash } = user;
    const email = user.email.toLowerCase();
    await this.database.user.upsert({ where: { email }, create: { accountId, email, name, passwordHash }, update: { accountId, name, passwordHash } });
  }
}
