import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ManifestScript } from 'manifest';
import type { CallAnswer, SaveOperation, ScriptCall } from 'model';
import { isSecretHeader, isSecretName, redacted, Redaction, withoutCredentials } from './redaction.js';
import type { Recorded } from './recorded.js';

type Call = Omit<ScriptCall, 'call'>;
type Answer = { answer: CallAnswer; body: Uint8Array };

/** Headers that say how a request travelled rather than what it was. */
const travelHeaders = new Set(['user-agent', 'content-length', 'host', 'connection', 'accept-encoding', 'date']);
const saveFiles = { save: 'batchSave', update: 'batchUpdate', delete: 'batchDelete' } as const satisfies Record<SaveOperation, string>;

/**
 * What a dry run saw, as files for tests (surface 3.3): `<integration>/mocks/...`. They are made to be committed: secrets that
 * came by are taken out wherever they stand, so nothing is written before the run is over.
 */
export class ResponseFiles {
  readonly redaction = new Redaction();
  readonly #files = new Map<string, unknown>();
  readonly #calls: { call: Call; answer: Answer }[] = [];
  readonly #mocks: string;

  constructor(
    folder: string,
    private readonly script: ManifestScript,
  ) {
    this.#mocks = join(folder, script.providerConfigKey, 'mocks');
  }

  connection(found: unknown, forMetadata: boolean): void {
    if (typeof found !== 'object' || found === null) return;
    if (forMetadata) this.#files.set('nango/getMetadata', ('metadata' in found && found.metadata) || {});
    else this.#files.set('nango/getConnection', withoutCredentials(found));
  }

  /** A call's answer, under what the call was. */
  call(call: Call, answer: Answer): void {
    if (!call.uncontrolled) this.#calls.push({ call, answer });
  }

  value(name: 'input' | 'output', value: unknown): void {
    if (value !== undefined) this.#files.set(`${this.script.name}/${name}`, value);
  }

  records(recorded: Recorded): void {
    for (const model of recorded.models())
      for (const operation of ['save', 'update', 'delete'] as const) {
        const records = recorded.of(model, operation);
        if (records.length > 0) this.#files.set(`${this.script.name}/${model}/${saveFiles[operation]}`, records);
      }
  }

  /** Writes all of it, and answers how many files there are and where. */
  write(): { count: number; folder: string } {
    const calls = this.#calls.map(({ call, answer }) => callFile(this.redaction, this.script.name, call, answer));
    const files = [...calls, ...[...this.#files].map(([name, value]) => ({ name, value: this.redaction.clean(value) }))];
    for (const { name, value } of files) {
      const file = join(this.#mocks, `${name}.json`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
    }
    return { count: new Set(files.map(({ name }) => name)).size, folder: this.#mocks };
  }
}

function callFile(redaction: Redaction, script: string, call: Call, { answer, body }: Answer): { name: string; value: object } {
  const requestIdentity = identityOf(redaction, call);
  const { method, endpoint } = requestIdentity;
  const requestIdentityHash = createHash('sha1').update(JSON.stringify(requestIdentity)).digest('hex');
  const headers = redaction.clean(publicHeaders(answer.headers));
  const response = redaction.clean(readBody(body));
  return {
    name: `nango/${method}/proxy/${folderOf(endpoint)}/${script}/${requestIdentityHash}`,
    value: { method, endpoint, requestIdentityHash, requestIdentity, response, status: answer.status, headers },
  };
}

type Identity = { method: string; endpoint: string; params: unknown; headers: unknown; data?: unknown };

/** What tells a request from others, in the order in which it is hashed. */
function identityOf(redaction: Redaction, call: Call): Identity {
  const data = call.dataBase64 === undefined ? call.data : asText(Buffer.from(call.dataBase64, 'base64'));
  return {
    method: call.method.toLowerCase(),
    endpoint: redaction.text(publicEndpoint(call.endpoint)),
    params: redaction.clean(paramsOf(call.params)),
    headers: redaction.clean(publicHeaders(call.headers)),
    ...(data === undefined || data === null ? {} : { data: redaction.clean(data) }),
  };
}

/** Without the slash at its beginning, and without secrets that its own parameters name. */
function publicEndpoint(endpoint: string): string {
  return endpoint.replace(/^\//, '').replaceAll(/(?<=[?&])([^=&]+)=[^&]*/g, (pair, name: string) => (isSecretName(name) ? `${name}=${redacted}` : pair));
}

function paramsOf(params: Call['params']): Record<string, string | string[]> {
  const pairs = typeof params === 'object' ? Object.entries(params).flatMap(([name, value]) => [value].flat().map((item) => [name, String(item)])) : params;
  const query = new URLSearchParams(pairs);
  const entries = [...new Set(query.keys())].map((name) => {
    const values = query.getAll(name).map((value) => (isSecretName(name) ? redacted : value));
    return [name, values.length === 1 ? values[0] : values] as [string, string | string[]];
  });
  return sorted(entries);
}

function publicHeaders(headers: CallAnswer['headers']): Record<string, string | string[]> {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as [string, string | string[]]);
  return sorted(lower.filter(([name]) => !isSecretHeader(name) && !travelHeaders.has(name)));
}

function sorted<T>(entries: [string, T][]): Record<string, T> {
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** JSON as what it says; all else as text, or as base64 where it is none. */
function readBody(body: Uint8Array): unknown {
  const text = asText(Buffer.from(body));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function asText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : bytes.toString('base64');
}

/** An endpoint as folders, none of which leads upwards. */
function folderOf(endpoint: string): string {
  const parts = endpoint.split('/').filter((part) => part !== '' && part !== '.');
  return parts.map((part) => (part === '..' ? '_' : part.slice(0, 200))).join('/') || '_';
}
