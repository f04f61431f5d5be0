import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { sendGuarded } from 'egress';
import type { DeliveryAnswer, DeliveryRequest } from 'model';
import { failureOf } from '../call/outcome.js';
import { EnvironmentGuards } from '../egress/environment-guard.service.js';

/** Sends webhooks to customers, through the same guard as everything else. One attempt; who asks decides about more. */
@Injectable()
export class DeliveryService {
  constructor(private readonly guards: EnvironmentGuards) {}

  async deliver(request: DeliveryRequest): Promise<DeliveryAnswer> {
    const startedAt = performance.now();
    const durationMs = (): number => Math.round(performance.now() - startedAt);
    try {
      const status = await this.post(request);
      return { status, error: null, durationMs: durationMs() };
    } catch (error) {
      return { status: null, error: reasonOf(error), durationMs: durationMs() };
    }
  }

  private async post({ environmentId, url, headers, body, timeoutMs }: DeliveryRequest): Promise<number> {
    const guard = await this.guards.forSettings(environmentId);
    const target = guard.check(url);
    const answer = await sendGuarded(guard, {
      url: target,
      method: 'POST',
      headers: { 'user-agent': 'nango', 'content-type': 'application/json', ...basicAuthOf(target), ...headers },
      body: Buffer.from(body),
      signal: AbortSignal.timeout(timeoutMs),
      timeoutMs,
      // Signatures, not credentials: the receiver needs them wherever its endpoint has moved to.
      travellingHeaders: Object.keys(headers),
      // A GET without the body would be answered 200 and count as delivered.
      keepsMethod: true,
    });
    answer.discard();
    return answer.status;
  }
}

/** A user name and password in the URL, sent the way every HTTP client sends them. */
function basicAuthOf({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  return { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return 'upstream_timeout: no answer in time';
  const { code, message } = failureOf(error);
  return `${code}: ${message}`;
}
