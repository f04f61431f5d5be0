// What the connect page and the server tell each other.
export { BrowserConnection } from '../browser-auth.js';
export { ConnectSession } from './session.js';
export { fieldFormats } from './field-format.js';
export { ConnectField, ConnectIntegration, ConnectProvider } from './provider.js';
export { ConnectTheme } from './theme.js';
