import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { DATABASE, type Database } from 'database';
import type { EnvironmentVariables } from 'model';
import { announce } from '../access/configuration-changes.repository.js';

@Injectable()
export class EnvironmentVariableRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  async list(environmentId: number): Promise<EnvironmentVariables> {
    const rows = await this.database.environmentVariable.findMany({ where: { environmentId }, orderBy: { id: 'asc' } });
    const open = (value: string) => this.vault.openText(environmentId, purposes.environmentVariable, value);
    return Promise.all(rows.map(async ({ name, value }) => ({ name, value: await open(value) })));
  }

  /** The given variables and no others. */
  async replace(environmentId: number, variables: EnvironmentVariables): Promise<void> {
    const seal = (value: string) => this.vault.sealText(environmentId, purposes.environmentVariable, value);
    const data = await Promise.all(variables.map(async ({ name, value }) => ({ environmentId, name, value: await seal(value) })));
    await this.database.$transaction(async (transaction) => {
      await transaction.environmentVariable.deleteMany({ where: { environmentId } });
      await transaction.environmentVariable.createMany({ data });
      await announce(transaction, 'environment', [environmentId]);
    });
  }
}
