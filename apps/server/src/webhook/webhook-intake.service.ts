import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppError, type InboxWebhook } from 'model';
import type { IncomingHttpHeaders } from 'node:http';
import { findProvider, type RoutedWebhook, webhookRouting } from 'providers';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { forwardedHeaders } from './forwarded-headers.js';
import { AppInstallations } from '../oauth/app-installations.service.js';
import { InboxWriter } from './inbox-writer.js';
import { bodyKeyPrefix } from './inbox.repository.js';
import { readBody, type WebhookBody } from './webhook-body.js';
import { WebhookTargets } from './webhook-targets.js';

/** A webhook as it arrived at an integration's address. */
export type IncomingWebhook = { environmentUuid: string; providerConfigKey: string; headers: IncomingHttpHeaders; rawBody: Uint8Array };

/** What the provider is answered. */
export type IntakeAnswer = { kind: 'unrouted' } | { kind: 'kept' } | { kind: 'challenge'; contentType: string; content: string };

@Injectable()
export class WebhookIntakeService {
  constructor(
    private readonly targets: WebhookTargets,
    private readonly inbox: InboxWriter,
    private readonly installations: AppInstallations,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Verifies a webhook and keeps it; when this returns, it will be routed whatever happens. */
  async receive({ environmentUuid, providerConfigKey, headers, rawBody }: IncomingWebhook): Promise<IntakeAnswer> {
    if (!this.configuration.receivesWebhooks) throw new AppError('feature_disabled', { message: 'This server receives no webhooks' });
    const { environmentId, integrationId, provider, secret } = await this.targets.require(environmentUuid, providerConfigKey);
    const script = findProvider(provider)?.webhook_routing_script;
    if (!script) return { kind: 'unrouted' };
    const contentType = headers['content-type'] ?? 'application/octet-stream';
    const body = readBody(rawBody, contentType);
    const routed = webhookRouting(script)({ headers, rawBody, body: body.value, secret, now: new Date() });
    if (routed.kind === 'challenge') return routed;
    // Before it is routed: events of an installation concern the connection that has it.
    if (routed.installed !== undefined) await this.installations.complete({ environmentId, integrationId, installationId: routed.installed });
    const key = routed.eventId ? `id:${sha256(routed.eventId)}` : bodyKeyPrefix + sha256(rawBody);
    await this.inbox.add({ environmentId, integrationId, key, content: contentOf(routed, body, { contentType, headers }) });
    return { kind: 'kept' };
  }
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('base64url');

function contentOf(
  { deliveries }: Extract<RoutedWebhook, { kind: 'events' }>,
  { value, text }: WebhookBody,
  { contentType, headers }: { contentType: string; headers: IncomingHttpHeaders },
): InboxWebhook {
  return { deliveries, body: value, raw: text, contentType, headers: forwardedHeaders(headers) };
}
