export { AuthError, type AuthErrorType } from './auth-error.js';
export type { AuthResult } from './auth-result.js';
export {
  ConnectUI,
  type ConnectUIEvent,
  type ConnectUIEventClose,
  type ConnectUIEventConnect,
  type ConnectUIEventError,
  type ConnectUIEventReady,
  type ConnectUIEventSettingsChanged,
  type ConnectUIOptions,
} from './connect-ui.js';
export type {
  ApiKeyCredentials,
  AppStoreCredentials,
  AwsSigV4Credentials,
  BasicCredentials,
  BillCredentials,
  ClientCredentials,
  Credentials,
  JwtCredentials,
  OAuthOverrides,
  SignatureCredentials,
  TableauCredentials,
  TbaCredentials,
  TwoStepCredentials,
} from './credentials.js';
export { Nango } from './nango.js';
export type { AuthOptions, NangoOptions } from './options.js';
// oxlint-disable-next-line import/no-default-export -- every released version of this client has had one
export { Nango as default } from './nango.js';
