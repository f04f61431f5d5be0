import { Injectable } from '@nestjs/common';
import { AppError } from 'model';
import { interpolate } from 'providers';
import type { Target } from '../connection/target.js';
import { type PlaceholderSource, placeholderValues } from './authorisation.js';
import { CallService } from './call.service.js';
import { wholeAnswer } from './whole-answer.js';

const timeoutMs = 15_000;
const maxAnswerBytes = 1_000_000;
const maxWords = 300;

/** How a verification endpoint answered. */
export type Verified = { status: number; words: string };

/** Tries credentials on the endpoint that the catalogue names for it. */
@Injectable()
export class VerificationService {
  constructor(private readonly calls: CallService) {}

  /** @throws AppError `connection_test_failed` with the provider's own words, also when nobody answers. Nothing happens where the entry names no endpoint. */
  async verify(target: Target): Promise<void> {
    for (const endpoint of target.provider.proxy?.verification?.endpoints ?? []) await this.tryOne(target, endpoint);
  }

  private async tryOne(target: Target, endpoint: string): Promise<void> {
    const answer = await this.ask(target, endpoint).catch((error: unknown) => {
      throw failed(`${target.provider.display_name} could not be asked whether the credential works: ${error instanceof Error ? error.message : 'no answer'}`);
    });
    if (answer.status >= 200 && answer.status < 300) return;
    throw failed(`${target.provider.display_name} refused the credential (${answer.status}${answer.words ? `: ${answer.words}` : ''})`, answer.status);
  }

  private async ask(target: Target, endpoint: string): Promise<Verified> {
    const { method = 'GET', headers = {}, data, base_url_override } = target.provider.proxy?.verification ?? {};
    const values = placeholderValues(sourceOf(target));
    const fill = (template: string): string => interpolate(template, values).text;
    const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), fill(value)]));
    const body = data === undefined ? null : Buffer.from(fill(typeof data === 'string' ? data : JSON.stringify(data)));
    const isJson = body !== null && typeof data !== 'string' && filled['content-type'] === undefined;
    const [path = '', query] = fill(endpoint).split('?', 2);
    const answer = await this.calls.call(target, {
      environmentId: target.connection.environmentId,
      method,
      endpoint: path,
      query,
      body,
      decoded: true,
      timeoutMs,
      headers: isJson ? { 'content-type': 'application/json', ...filled } : filled,
      ...(base_url_override ? { baseUrlOverride: fill(base_url_override) } : {}),
      retry: { retries: 0 },
      admission: { priority: 'interactive', longestWaitMs: timeoutMs },
      signal: AbortSignal.timeout(2 * timeoutMs),
    });
    const { body: bytes } = await wholeAnswer(answer, { decoded: true, longestBody: maxAnswerBytes });
    return { status: answer.status, words: wordsOf(Buffer.from(bytes).toString()) };
  }
}

function sourceOf({ credentials, connection, client }: Target): PlaceholderSource {
  return { credentials, connectionConfig: connection.connectionConfig, metadata: connection.metadata, client };
}

/** The provider's own words: of JSON the text that says most, of anything else but a page the beginning. */
function wordsOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed.startsWith('<')) return '';
  return (messageIn(parsed(trimmed)) ?? trimmed).replaceAll(/\s+/g, ' ').slice(0, maxWords);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const messageNames = new Set(['error_description', 'message', 'error_message', 'detail', 'title', 'error', 'errors']);

function messageIn(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth > 3) return undefined;
  if (Array.isArray(value)) return messageIn(value[0], depth + 1);
  for (const [name, inner] of Object.entries(value)) {
    if (!messageNames.has(name)) continue;
    const found = messageIn(inner, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function failed(message: string, status?: number): AppError {
  return new AppError('connection_test_failed', { message, ...(status === undefined ? {} : { payload: { status } }) });
}
