/** The connection that was made or given a new credential. */
export interface AuthResult {
  providerConfigKey: string;
  connectionId: string;
}
