/** The connection that was made or given a new credential. */
export interface AuthResult {
  providerConfigKey: string;
  connectionId: string;
  /** True while the provider still waits for somebody else, e.g. for an administrator who approves a GitHub App. */
  isPending?: boolean;
  ok: true;
}
