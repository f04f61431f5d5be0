export { authorizationUrl, type AuthorizationUrlRequest, oauth1AuthorizationUrl, pkce } from './authorization-url.js';
export { discoverMcpServer, type McpDiscovery } from './mcp-discovery.js';
export { clientMetadata, type ClientMetadata, findMcpServer, registerMcpClient, type RegisteredClient } from './mcp-registration.js';
export type { ModeTokens, ReadContext } from './modes/mode.js';
export { askForToken, readTokenAnswer } from './modes/modes.js';
export { requestOAuth1Token } from './modes/oauth1.js';
export { canRenew, renewalGrant } from './renewal.js';
export { revokeCredentials, type RevocationOutcome } from './revocation.js';
export { awsHeaders } from './signing/aws-sigv4.js';
export { oauth1Header, type OAuth1Method } from './signing/oauth1.js';
export { tbaHeader } from './signing/tba.js';
export type {
  AuthorizationClient,
  InstallationCredentials,
  LoginType,
  McpServer,
  SendTokenRequest,
  TokenAnswer,
  TokenContext,
  TokenGrant,
  TokenHttpRequest,
  TokenHttpResponse,
  TokenOutcome,
} from './token-request.js';
