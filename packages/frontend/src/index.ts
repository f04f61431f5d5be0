export { AuthError, type AuthErrorType } from './auth-error.js';
export { type AuthOptions, type AuthResult, Nango, type NangoOptions, type PastedCredentials } from './nango.js';
// oxlint-disable-next-line import/no-default-export -- every released version of this client has had one
export { Nango as default } from './nango.js';
