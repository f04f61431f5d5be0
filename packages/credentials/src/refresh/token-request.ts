/** What a refresh needs; whoever has a way out builds the provider's request from it. Holds secrets. */
export type TokenRequest = {
  environmentId: number;
  connectionId: number;
  provider: string;
  connectionConfig: Record<string, unknown>;
  clientId: string;
  clientSecret: string;
  refreshToken: string;
  /** Aborts after 15 s: within the lease, with time left to store the answer. */
  signal: AbortSignal;
};

/** The token endpoint's answer as it came: parsed where it was JSON, else its text. */
export type TokenAnswer = { status: number; body: unknown };

/** Asks a token endpoint, without following redirects; throws when no answer came. */
export type RequestToken = (request: TokenRequest) => Promise<TokenAnswer>;
