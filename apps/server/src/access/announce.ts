import type { Transaction } from 'database';
import { channels } from 'model';

type Change = `environment:${number}` | `integration:${number}` | `connection:${number}`;

/** Tells every process that configuration changed, when the transaction commits. */
export async function announce(transaction: Transaction, ...changes: Change[]): Promise<void> {
  for (const change of changes) await transaction.$executeRaw`select pg_notify(${channels.configuration}, ${change})`;
}
