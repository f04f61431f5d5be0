import type { CallAnswer } from 'model';
import type { Answer } from '../bridge.js';
import { asBuffer } from '../globals/buffer.js';
import { ByteStream } from './byte-stream.js';
import type { ProxyConfiguration } from './proxy-configuration.js';

/** An answer as axios gives it. Header names are in lower case. */
export type HttpResponse<T = unknown> = {
  data: T;
  status: number;
  statusText: string;
  headers: Record<string, string | string[]>;
  config: ProxyConfiguration;
  request: object;
};

/** Response types for which the body is wanted as bytes. */
export function wantsBytes(responseType: ProxyConfiguration['responseType']): boolean {
  return responseType === 'arraybuffer' || responseType === 'stream' || responseType === 'blob';
}

export function toResponse(answer: Answer, config: ProxyConfiguration): HttpResponse {
  // The broker answers a call with the answer's status line and headers.
  const { status, statusText, headers } = answer.value as CallAnswer;
  return { data: toData(answer, config.responseType), status, statusText, headers, config, request: {} };
}

function toData({ text, bytes }: Answer, responseType: ProxyConfiguration['responseType']): unknown {
  if (bytes) {
    const buffer = asBuffer(bytes);
    return responseType === 'stream' ? new ByteStream(buffer) : buffer;
  }
  const body = withoutMark(text ?? '');
  return responseType === undefined || responseType === null || responseType === 'json' ? parsed(body) : body;
}

/** What is no JSON stays the text it is, as in axios. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
