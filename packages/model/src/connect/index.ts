// What the connect page and the server tell each other.
export { ConnectSession } from './session.js';
export { ConnectField, ConnectIntegration, ConnectProvider } from './provider.js';
