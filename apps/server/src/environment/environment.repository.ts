import { Inject, Injectable } from '@nestjs/common';
import { hashKey, purposes, Vault } from 'credentials';
import { DATABASE, type Database } from 'database';
import { type EnvironmentSettings, RecordSettings, type WebhookSettings } from 'model';
import { announce } from '../access/configuration-changes.repository.js';

export type NewEnvironment = { accountId: number; name: string; secretKey: string; publicKey: string };
export type EnvironmentName = { id: number; name: string };

const webhookColumns = {
  webhookUrl: true,
  webhookUrlSecondary: true,
  onSyncCompletionAlways: true,
  onSyncError: true,
  onAuthCreation: true,
  onAuthRefreshError: true,
  onAsyncActionCompletion: true,
} as const;

@Injectable()
export class EnvironmentRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** Makes the environment, or gives an existing one these keys. */
  async plant({ accountId, name, secretKey, publicKey }: NewEnvironment): Promise<number> {
    const secretKeyHash = new Uint8Array(hashKey(secretKey));
    // Two steps: the key is sealed with the environment's own data key, which needs the row to hang on.
    const { id } = await this.database.environment.upsert({
      where: { accountId_name: { accountId, name } },
      create: { accountId, name, secretKeyHash, secretKey: '', publicKey },
      update: {},
      select: { id: true },
    });
    const sealed = await this.vault.sealText(id, purposes.environmentSecretKey, secretKey);
    await this.database.$transaction(async (transaction) => {
      await transaction.environment.update({ where: { id }, data: { secretKeyHash, secretKey: sealed, publicKey } });
      await announce(transaction, 'environment', [id]);
    });
    return id;
  }

  list(accountId: number): Promise<EnvironmentName[]> {
    return this.database.environment.findMany({ where: { accountId }, select: { id: true, name: true }, orderBy: { id: 'asc' } });
  }

  async idOf(accountId: number, name: string): Promise<number | null> {
    const row = await this.database.environment.findUnique({ where: { accountId_name: { accountId, name } }, select: { id: true } });
    return row?.id ?? null;
  }

  async settings(environmentId: number): Promise<EnvironmentSettings> {
    const row = await this.database.environment.findUniqueOrThrow({
      where: { id: environmentId },
      select: { uuid: true, name: true, publicKey: true, callbackUrl: true },
    });
    return { uuid: row.uuid, name: row.name, public_key: row.publicKey, callback_url: row.callbackUrl };
  }

  async secretKey(environmentId: number): Promise<string> {
    const row = await this.database.environment.findUniqueOrThrow({ where: { id: environmentId }, select: { secretKey: true } });
    return this.vault.openText(environmentId, purposes.environmentSecretKey, row.secretKey);
  }

  setCallbackUrl(environmentId: number, callbackUrl: string | null): Promise<void> {
    return this.update(environmentId, { callbackUrl });
  }

  async webhooks(environmentId: number): Promise<WebhookSettings> {
    const row = await this.database.environment.findUniqueOrThrow({ where: { id: environmentId }, select: webhookColumns });
    return {
      primary_url: row.webhookUrl,
      secondary_url: row.webhookUrlSecondary,
      on_sync_completion_always: row.onSyncCompletionAlways,
      on_sync_error: row.onSyncError,
      on_auth_creation: row.onAuthCreation,
      on_auth_refresh_error: row.onAuthRefreshError,
      on_async_action_completion: row.onAsyncActionCompletion,
    };
  }

  setWebhooks(environmentId: number, settings: WebhookSettings): Promise<void> {
    return this.update(environmentId, {
      webhookUrl: settings.primary_url,
      webhookUrlSecondary: settings.secondary_url,
      onSyncCompletionAlways: settings.on_sync_completion_always,
      onSyncError: settings.on_sync_error,
      onAuthCreation: settings.on_auth_creation,
      onAuthRefreshError: settings.on_auth_refresh_error,
      onAsyncActionCompletion: settings.on_async_action_completion,
    });
  }

  async recordSettings(environmentId: number): Promise<RecordSettings> {
    const row = await this.database.environment.findUniqueOrThrow({
      where: { id: environmentId },
      select: { deletionHoldPercent: true, volatileFields: true },
    });
    return RecordSettings.parse({ deletion_hold_percent: row.deletionHoldPercent, volatile_fields: row.volatileFields });
  }

  setRecordSettings(environmentId: number, { deletion_hold_percent, volatile_fields }: RecordSettings): Promise<void> {
    return this.update(environmentId, { deletionHoldPercent: deletion_hold_percent, volatileFields: volatile_fields });
  }

  private async update(environmentId: number, data: Parameters<Database['environment']['update']>[0]['data']): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      await transaction.environment.update({ where: { id: environmentId }, data });
      await announce(transaction, 'environment', [environmentId]);
    });
  }
}
