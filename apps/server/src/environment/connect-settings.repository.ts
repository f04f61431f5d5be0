import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { DATABASE, type Database, type Prisma } from 'database';
import type { ConnectSettings, ConnectSettingsPatch } from 'model';
import { ConnectTheme } from 'model/connect';
import { announce } from '../access/configuration-changes.repository.js';

@Injectable()
export class ConnectSettingsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  async read(environmentId: number): Promise<ConnectSettings> {
    const row = await this.database.environment.findUniqueOrThrow({
      where: { id: environmentId },
      select: { hmacEnabled: true, hmacKey: true, publicKeyMayReconnect: true, connectTheme: true },
    });
    const hmac_key = row.hmacKey ? await this.vault.openText(environmentId, purposes.environmentHmacKey, row.hmacKey) : null;
    const connect_theme = ConnectTheme.catch({}).parse(row.connectTheme);
    return { hmac_enabled: row.hmacEnabled, hmac_key, public_key_may_reconnect: row.publicKeyMayReconnect, connect_theme };
  }

  async write(environmentId: number, patch: ConnectSettingsPatch): Promise<void> {
    const { hmac_enabled: hmacEnabled, hmac_key: key, public_key_may_reconnect: publicKeyMayReconnect, connect_theme } = patch;
    const sealed = key ? await this.vault.sealText(environmentId, purposes.environmentHmacKey, key) : null;
    const data = {
      ...(hmacEnabled === undefined ? {} : { hmacEnabled }),
      ...(publicKeyMayReconnect === undefined ? {} : { publicKeyMayReconnect }),
      ...(key === undefined ? {} : { hmacKey: sealed }),
      ...(connect_theme === undefined ? {} : { connectTheme: connect_theme as Prisma.InputJsonObject }), // parsed JSON; Prisma's type knows no optional fields
    };
    await this.database.$transaction(async (transaction) => {
      await transaction.environment.update({ where: { id: environmentId }, data });
      await announce(transaction, 'environment', [environmentId]);
    });
  }
}
