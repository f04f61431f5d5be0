import { randomUUID } from 'node:crypto';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CredentialStore, RenewalSweep, Vault } from 'credentials';
import { openPool, type Pool, POOL } from 'database';
import { EgressGuard, type Governor, openGovernor, SharedGovernor } from 'egress';
import { ExecutionStore, JournalBudget, OutsideCalls, ReadJournal } from 'journal/postgres';
import { INTERNAL_KEY, type Logger, LOGGER } from 'service';
import { BaseUrlOverridePolicy } from './call/base-url-override.js';
import { CallLogRepository } from './call-log/call-log.repository.js';
import { CallLogWriter } from './call-log/call-log-writer.js';
import type { ProxyConfig } from './config.js';
import { EgressRulesRepository } from './egress/egress-rules.repository.js';
import { guardFrom, hostListFrom } from './egress/guard-from.js';
import { tokenRequest } from './credential/token-request.js';
import { BudgetRepository } from './governor/budget.repository.js';
import { GOVERNOR, RELAXED_POOL, SEND_TOKEN_REQUEST } from './tokens.js';

/** What the process holds open: the database with its keys, and the way out. Given back after the last request was answered. */
@Module({})
export class ResourcesModule implements OnApplicationShutdown {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(RELAXED_POOL) private readonly relaxed: Pool,
    private readonly guard: EgressGuard,
    private readonly log: CallLogWriter,
    @Inject(GOVERNOR) private readonly governor: Governor,
  ) {}

  /** @throws ConfigurationError for a host list that is no good, AppError `invalid_encryption_key` */
  static async open(config: ProxyConfig): Promise<DynamicModule> {
    const guard = guardFrom(config);
    const name = `proxy ${randomUUID()}`;
    const pool = openPool(config.NANGO_DATABASE_URL, { max: 10, application_name: name });
    // What is recorded of reads waits for no disk: the next durable write flushes it too.
    const relaxed = openPool(config.NANGO_DATABASE_URL, { max: 8, options: '-c synchronous_commit=off' });
    const vault = await Vault.open(pool, config);
    const rules = new EgressRulesRepository(pool);
    const sendTokenRequest = tokenRequest(guard, rules);
    const credentials = new CredentialStore(pool, vault, sendTokenRequest, name);
    const providers = [
      { provide: POOL, useValue: pool },
      { provide: RELAXED_POOL, useValue: relaxed },
      { provide: INTERNAL_KEY, useValue: config.NANGO_INTERNAL_KEY },
      { provide: Vault, useValue: vault },
      { provide: EgressGuard, useValue: guard },
      { provide: EgressRulesRepository, useValue: rules },
      { provide: BaseUrlOverridePolicy, useValue: overridePolicyFrom(config) },
      { provide: GOVERNOR, useValue: await openRateGovernor(relaxed, config) },
      { provide: SEND_TOKEN_REQUEST, useValue: sendTokenRequest },
      { provide: CredentialStore, useValue: credentials },
      { provide: RenewalSweep, useFactory: () => new RenewalSweep(pool, credentials) },
      { provide: ExecutionStore, useFactory: () => new ExecutionStore(pool, vault) },
      { provide: OutsideCalls, useFactory: () => new OutsideCalls(pool, vault) },
      { provide: CallLogWriter, useFactory: (logger: Logger) => new CallLogWriter(new CallLogRepository(pool, relaxed), logger), inject: [LOGGER] },
      { provide: ReadJournal, useFactory: () => new ReadJournal(relaxed, vault, new JournalBudget(pool, config.NANGO_JOURNAL_BYTES)) },
    ];
    return { module: ResourcesModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.log.close(), this.governor.close()]);
    await Promise.all([this.pool.end(), this.relaxed.end(), this.guard.close()]);
  }
}

async function openRateGovernor(pool: Pool, { NANGO_RATE_GOVERNOR }: ProxyConfig): Promise<Governor> {
  if (NANGO_RATE_GOVERNOR === 'off') return openGovernor;
  const governor = new SharedGovernor(new BudgetRepository(pool));
  await governor.follow();
  return governor;
}

function overridePolicyFrom(config: ProxyConfig): BaseUrlOverridePolicy {
  const name = 'NANGO_PROXY_BASE_URL_OVERRIDE_DENYLIST';
  return new BaseUrlOverridePolicy({ enabled: config.NANGO_PROXY_BASE_URL_OVERRIDE_ENABLED, deny: hostListFrom(config[name], name) });
}
