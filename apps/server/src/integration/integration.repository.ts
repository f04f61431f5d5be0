import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { DATABASE, type Database, Prisma, type Transaction } from 'database';
import { AppError, AppKey, IntegrationConfigValues } from 'model';
import { announce } from '../access/configuration-changes.repository.js';
import { deleteSyncRows } from '../sync/sync-rows.repository.js';

/** An integration as it is kept; the client secret is asked for separately. */
export type StoredIntegration = {
  id: number;
  uniqueKey: string;
  provider: string;
  displayName: string | null;
  oauthClientId: string | null;
  oauthScopes: string | null;
  /** The team's values of the catalogue entry's `integration_config`. */
  config: IntegrationConfigValues;
  forwardWebhooks: boolean;
  createdAt: Date;
  updatedAt: Date;
};

/** What is written of an integration; what is absent stays as it is. */
export type IntegrationFields = Partial<Omit<StoredIntegration, 'id' | 'createdAt' | 'updatedAt'>> & {
  oauthClientSecret?: string | null;
  webhookSecret?: string | null;
  appKey?: AppKey | null;
};

/** What an integration holds sealed. */
export type IntegrationSecrets = { clientSecret: string | null; webhookSecret: string | null; appKey: AppKey | null };

/** How long the client secret before a rotation is still tried: providers take up a new one with delay. */
const secretOverlapMs = 7 * 24 * 3_600_000;

const columns = {
  id: true,
  uniqueKey: true,
  provider: true,
  displayName: true,
  oauthClientId: true,
  oauthScopes: true,
  config: true,
  forwardWebhooks: true,
  createdAt: true,
  updatedAt: true,
} as const;

// A deleted integration keeps its row until its syncs are taken down, under a name that no integration can have.
const tombstone = '#deleted';
const living = { NOT: { uniqueKey: { startsWith: tombstone } } };

@Injectable()
export class IntegrationRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  async list(environmentId: number): Promise<StoredIntegration[]> {
    const rows = await this.database.integration.findMany({ where: { environmentId, ...living }, select: columns, orderBy: { id: 'asc' } });
    return rows.map(toStored);
  }

  async find(environmentId: number, uniqueKey: string): Promise<StoredIntegration | null> {
    const row = await this.database.integration.findFirst({ where: { environmentId, uniqueKey, ...living }, select: columns });
    return row && toStored(row);
  }

  /** The client secret, the app's key, and what webhooks are signed with where that is another secret. */
  async secrets(environmentId: number, id: number): Promise<IntegrationSecrets> {
    const row = await this.database.integration.findFirst({
      where: { environmentId, id },
      select: { oauthClientSecret: true, webhookSecret: true, appKey: true },
    });
    const open = async (purpose: string, sealed: string | null | undefined) => (sealed ? this.vault.openText(environmentId, purpose, sealed) : null);
    const appKey = await open(purposes.integrationAppKey, row?.appKey);
    return {
      clientSecret: await open(purposes.integrationClientSecret, row?.oauthClientSecret),
      webhookSecret: await open(purposes.integrationWebhookSecret, row?.webhookSecret),
      appKey: appKey === null ? null : AppKey.parse(JSON.parse(appKey)),
    };
  }

  /** @throws AppError `duplicate_provider_config` */
  async create(environmentId: number, fields: IntegrationFields & { uniqueKey: string; provider: string }): Promise<StoredIntegration> {
    const data = { ...(await this.sealed(environmentId, fields)), environmentId, uniqueKey: fields.uniqueKey, provider: fields.provider };
    return this.refusingDuplicates(async () => toStored(await this.database.integration.create({ data, select: columns })));
  }

  /** @throws AppError `duplicate_provider_config` */
  async update(environmentId: number, id: number, fields: IntegrationFields): Promise<StoredIntegration> {
    const data = await this.sealed(environmentId, fields);
    const isRotated = await this.isOtherSecret(environmentId, id, fields.oauthClientSecret);
    return this.refusingDuplicates(() =>
      this.database.$transaction(async (transaction) => {
        if (isRotated) await keepPreviousSecret(transaction, environmentId, id);
        await announce(transaction, 'integration', [id]);
        return toStored(await transaction.integration.update({ where: { id, environmentId }, data, select: columns }));
      }),
    );
  }

  /** Marks its connections and syncs as deleted and frees its name. */
  async delete(environmentId: number, id: number): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      await transaction.integration.update({
        where: { id, environmentId },
        data: { uniqueKey: `${tombstone}:${id}`, oauthClientId: null, oauthClientSecret: null, previousClientSecret: null, appKey: null, webhookSecret: null },
      });
      await deleteConnections(transaction, environmentId, id);
      await transaction.script.updateMany({ where: { environmentId, integrationId: id }, data: { enabled: false, activeVersionId: null } });
      await announce(transaction, 'integration', [id]);
    });
  }

  /** Requests repeat the client secret to change the scopes beside it; the previous one stays in use then. */
  private async isOtherSecret(environmentId: number, id: number, secret: string | null | undefined): Promise<boolean> {
    return secret !== undefined && secret !== (await this.secrets(environmentId, id)).clientSecret;
  }

  private async sealed(environmentId: number, { oauthClientSecret, webhookSecret, appKey, ...fields }: IntegrationFields) {
    const seal = async (purpose: string, secret: string | null) => (secret ? this.vault.sealText(environmentId, purpose, secret) : null);
    return {
      ...fields,
      ...(oauthClientSecret === undefined ? {} : { oauthClientSecret: await seal(purposes.integrationClientSecret, oauthClientSecret) }),
      ...(webhookSecret === undefined ? {} : { webhookSecret: await seal(purposes.integrationWebhookSecret, webhookSecret) }),
      ...(appKey === undefined ? {} : { appKey: await seal(purposes.integrationAppKey, appKey && JSON.stringify(appKey)) }),
    };
  }

  private async refusingDuplicates<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')
        throw new AppError('duplicate_provider_config', { message: 'An integration with this key exists in this environment' });
      throw error;
    }
  }
}

function toStored<Row extends Omit<StoredIntegration, 'config'> & { config: unknown }>(row: Row): StoredIntegration {
  return { ...row, config: IntegrationConfigValues.catch({}).parse(row.config) };
}

async function keepPreviousSecret(transaction: Transaction, environmentId: number, id: number): Promise<void> {
  const until = new Date(Date.now() + secretOverlapMs);
  await transaction.$executeRaw`update integration set previous_client_secret = oauth_client_secret, previous_client_secret_until = ${until}
    where id = ${id} and environment_id = ${environmentId} and oauth_client_secret is not null`;
}

async function deleteConnections(transaction: Transaction, environmentId: number, integrationId: number): Promise<void> {
  const scripts = await transaction.script.findMany({ where: { environmentId, integrationId, type: 'sync' }, select: { id: true } });
  for (const { id } of scripts) await deleteSyncRows(transaction, { environmentId, scriptId: id });
  const deleted = await transaction.connection.updateManyAndReturn({
    where: { environmentId, integrationId, deletedAt: null },
    data: { deletedAt: new Date(), credentials: '' },
    select: { id: true },
  });
  const ids = deleted.map(({ id }) => id);
  await announce(transaction, 'connection', ids);
}
