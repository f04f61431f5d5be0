import { Inject, Injectable } from '@nestjs/common';
import { DeliveryAnswer, type DeliveryRequest } from 'model';
import { INTERNAL_KEY, serviceToken } from 'service';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import type { DueEvent } from './outbox.repository.js';

const timeoutMs = 20_000;

/** Sends through the proxy, the only process with a way out. */
@Injectable()
export class DeliveryClient {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(INTERNAL_KEY) private readonly internalKey: string,
  ) {}

  /** @throws when the proxy itself cannot be asked */
  async send({ environmentId, url }: Pick<DueEvent, 'environmentId' | 'url'>, headers: Record<string, string>, body: string): Promise<DeliveryAnswer> {
    const request: DeliveryRequest = { environmentId, url, headers, body, timeoutMs };
    const answer = await fetch(new URL('/internal/deliveries', this.configuration.PROXY_URL), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${serviceToken(this.internalKey, 'orchestrator')}` },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(timeoutMs + 10_000),
    });
    if (answer.status === 400) return { status: null, error: codeOf(await answer.text()), durationMs: 0 };
    if (!answer.ok) throw new Error(`the proxy answered a delivery with ${answer.status}`);
    return DeliveryAnswer.parse(await answer.json());
  }
}

// The proxy refuses what may not be sent, a URL inside for one: the receiver's fault, not ours.
function codeOf(body: string): string {
  return /"code":"(\w+)"/.exec(body)?.[1] ?? 'invalid_body';
}
