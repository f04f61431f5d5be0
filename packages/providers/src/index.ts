export { findProvider, loadProviders, readCatalogue } from './catalogue.js';
export type { RoutedWebhook, WebhookRequest, WebhookRouting } from './webhook/webhook-request.js';
export { webhookRouting } from './webhook/webhook-routings.js';
export { type ExpirySign, Provider, ProviderField, ProviderPagination, ProviderProxy, ProviderRateLimit, ProviderRetry } from './provider.js';
export { checkFields } from './field-check.js';
export { type Interpolation, interpolate, type PlaceholderValues } from './interpolation.js';
export { hasOAuthClient, needsOAuthClient, toIntegration, webhookUrl } from './integration-answer.js';
export { integrationProvider } from './integration-provider.js';
export { buildBaseUrl, buildUrl, type ProviderUrl, tokenUrlOf } from './provider-url.js';
