/** What a ciphertext is for; bound into it, so that one column's value does not open in another. */
export const purposes = {
  connectionCredentials: 'connection.credentials',
  environmentSecretKey: 'environment.secret_key',
  environmentVariable: 'environment_variable.value',
  integrationClientSecret: 'integration.oauth_client_secret',
  integrationWebhookSecret: 'integration.webhook_secret',
  webhookContent: 'webhook_inbox.content',
  outboxBody: 'outbox_event.body',
  executionInput: 'execution.input',
  executionOutput: 'execution.output',
  executionError: 'execution.error',
  recordBlock: 'record_block',
  recordHashKey: 'record_model.hash_key',
  journalResult: 'journal_entry.result',
  journalTape: 'journal_entry.tape',
  refreshResponse: 'refresh_attempt.response',
} as const;
