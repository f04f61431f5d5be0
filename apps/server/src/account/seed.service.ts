import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { hashPassword, verifyPassword } from 'credentials';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { EnvironmentRepository } from '../environment/environment.repository.js';
import { AccountRepository } from './account.repository.js';
import { readSeed, type Seed } from './seed.js';
import { UserRepository } from './user.repository.js';

/** Makes the first account at boot. Repeating it changes nothing; where the file differs from the database, the file wins. */
@Injectable()
export class SeedService implements OnModuleInit {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly accounts: AccountRepository,
    private readonly users: UserRepository,
    private readonly environments: EnvironmentRepository,
  ) {}

  async onModuleInit(): Promise<void> {
    if (!this.configuration.seedFile) return;
    const seed = await readSeed(this.configuration.seedFile);
    await this.accounts.alone(() => this.plant(seed));
  }

  private async plant(seed: Seed): Promise<void> {
    const accountId = await this.accounts.findOrCreate(seed.account);
    await this.plantUser(accountId, seed.user);
    for (const [name, keys] of Object.entries(seed.environments)) await this.environments.plant({ accountId, name, ...keys });
  }

  private async plantUser(accountId: number, { email, password, name }: Seed['user']): Promise<void> {
    const user = await this.users.findByEmail(email);
    if (user && (await verifyPassword(password, user.passwordHash))) return;
    await this.users.upsert({ accountId, email, name, passwordHash: await hashPassword(password) });
  }
}
