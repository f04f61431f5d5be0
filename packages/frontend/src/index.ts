export { AuthError, type AuthErrorType } from './auth-error.js';
export { ConnectUI, type ConnectUIEvent, type ConnectUIOptions } from './connect-ui.js';
export type { AuthResult } from './auth-result.js';
export { type AuthOptions, Nango, type NangoOptions, type PastedCredentials } from './nango.js';
// oxlint-disable-next-line import/no-default-export -- every released version of this client has had one
export { Nango as default } from './nango.js';
