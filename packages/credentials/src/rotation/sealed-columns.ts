import { credentialPurpose } from '../vault/connection-credentials.js';
import { purposes } from '../vault/purposes.js';

type KeyType = 'int' | 'bigint' | 'uuid' | 'text';

/** A column that holds ciphertext, and how its rows are found. */
export type SealedColumn = {
  table: string;
  column: string;
  format: 'text' | 'bytes';
  /** The primary key's columns, in its order, and others that a ciphertext is bound to. */
  key: Record<string, KeyType>;
  environmentColumn: string;
  /** What a row's ciphertext is sealed for, and what it was sealed for in earlier versions. */
  purposeOf: (key: readonly string[]) => string;
  formerPurpose?: string;
  /** Rows that are read, sealed and written at a time; a few megabytes at most. */
  batchRows: number;
};

type Options = Partial<Pick<SealedColumn, 'format' | 'environmentColumn' | 'purposeOf' | 'formerPurpose' | 'batchRows'>>;

function sealed(purpose: string, place: `${string}.${string}`, key: SealedColumn['key'], options: Options = {}): SealedColumn {
  const [table = '', column = ''] = place.split('.');
  return { table, column, key, format: 'text', environmentColumn: 'environment_id', purposeOf: () => purpose, batchRows: 200, ...options };
}

const id = { id: 'int' } as const;
const entry = { execution_id: 'uuid', call: 'text' } as const;

/** Where the ciphertexts of each purpose lie. A purpose that is missing here does not compile. */
const columnsOf: Record<keyof typeof purposes, SealedColumn[]> = {
  // The connection is bound in as well.
  connectionCredentials: [
    sealed(
      purposes.connectionCredentials,
      'connection.credentials',
      { id: 'int', integration_id: 'int', connection_id: 'text' },
      {
        purposeOf: ([, integrationId = '', connectionId = '']) => credentialPurpose({ integrationId, connectionId }),
        formerPurpose: purposes.connectionCredentials,
      },
    ),
  ],
  environmentSecretKey: [sealed(purposes.environmentSecretKey, 'environment.secret_key', id, { environmentColumn: 'id' })],
  environmentHmacKey: [sealed(purposes.environmentHmacKey, 'environment.hmac_key', id, { environmentColumn: 'id' })],
  environmentVariable: [sealed(purposes.environmentVariable, 'environment_variable.value', id)],
  integrationClientSecret: [
    sealed(purposes.integrationClientSecret, 'integration.oauth_client_secret', id),
    sealed(purposes.integrationClientSecret, 'integration.previous_client_secret', id),
  ],
  integrationAppKey: [sealed(purposes.integrationAppKey, 'integration.app_key', id)],
  oauthSession: [sealed(purposes.oauthSession, 'oauth_session.details', { id: 'uuid' })],
  oauthClient: [sealed(purposes.oauthClient, 'oauth_client.client', id)],
  integrationWebhookSecret: [sealed(purposes.integrationWebhookSecret, 'integration.webhook_secret', id)],
  webhookContent: [sealed(purposes.webhookContent, 'webhook_inbox.content', { id: 'bigint' }, { format: 'bytes', batchRows: 50 })],
  outboxBody: [sealed(purposes.outboxBody, 'outbox_event.body', { id: 'uuid' })],
  executionInput: [sealed(purposes.executionInput, 'execution.input', { id: 'uuid' }, { batchRows: 20 })],
  executionOutput: [sealed(purposes.executionOutput, 'execution.output', { id: 'uuid' }, { batchRows: 20 })],
  executionError: [sealed(purposes.executionError, 'execution.error', { id: 'uuid' })],
  // The block's model is bound in as well.
  recordBlock: [
    sealed(
      purposes.recordBlock,
      'record_block.data',
      { model_id: 'int', block: 'int' },
      { format: 'bytes', purposeOf: ([model]) => `${purposes.recordBlock}/${model}` },
    ),
  ],
  recordHashKey: [sealed(purposes.recordHashKey, 'record_model.hash_key', id, { format: 'bytes' })],
  journalResult: [
    sealed(purposes.journalResult, 'journal_entry.result', entry, { format: 'bytes', batchRows: 20 }),
    sealed(purposes.journalResult, 'journal_chunk.data', { ...entry, chunk: 'int' }, { format: 'bytes', batchRows: 10 }),
  ],
  journalTape: [sealed(purposes.journalTape, 'journal_entry.tape', entry, { format: 'bytes', batchRows: 50 })],
  refreshResponse: [sealed(purposes.refreshResponse, 'refresh_attempt.response', { id: 'uuid' })],
};

/** Every column that holds ciphertext. */
export const sealedColumns: readonly SealedColumn[] = Object.values(columnsOf).flat();

/** `table.column`. */
export const nameOf = ({ table, column }: SealedColumn): string => `${table}.${column}`;

/** SQL of the id of the data key that a value was sealed with; null for what is not sealed. Reads no more than the value's first bytes. */
export function keyIdOf({ column, format }: SealedColumn): string {
  if (format === 'text') return String.raw`substring(substring(${column} FROM 1 FOR 16) FROM '^v1\.(\d{1,9})\.')::int`;
  return `('x' || encode(substring(${column} FROM 2 FOR 4), 'hex'))::bit(32)::int`;
}
