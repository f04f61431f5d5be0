import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Call = { operation: string; KeyId?: string; EncryptionContext?: Record<string, string>; Plaintext?: string; CiphertextBlob?: string };
type Refusal = { status: number; type: string };

/** AWS KMS as far as its HTTP API (JSON 1.1) is used: `CiphertextBlob` is what was sent, with its key and context. */
export class FakeKms {
  readonly calls: Call[] = [];
  /** Answers everything with this error while it is set. */
  refusal: Refusal | undefined;
  /** Holds every answer back until it resolves. */
  delay: Promise<void> | undefined;
  readonly #server = createServer((request, response) => {
    void this.#answer(request).then(({ status, body }) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body)),
    );
  });

  static async start(): Promise<FakeKms> {
    const kms = new FakeKms();
    await once(kms.#server.listen(0, '127.0.0.1'), 'listening');
    return kms;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on TCP
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set
    const call: Call = { operation, ...(JSON.parse(Buffer.concat(chunks).toString()) as Omit<Call, 'operation'>) };
    this.calls.push(call);
    await this.delay;
    if (this.refusal) return { status: this.refusal.status, body: { __type: this.refusal.type } };
    return operation === 'Encrypt' ? encrypted(call) : decrypted(call);
  }
}

function encrypted({ KeyId, EncryptionContext, Plaintext }: Call) {
  const blob = Buffer.from(JSON.stringify({ KeyId, EncryptionContext, Plaintext })).toString('base64');
  return { status: 200, body: { KeyId, CiphertextBlob: blob } };
}

function decrypted({ KeyId, EncryptionContext, CiphertextBlob = '' }: Call) {
  const sealed = JSON.parse(Buffer.from(CiphertextBlob, 'base64').toString()) as Call;
  const isSame = sealed.KeyId === KeyId && sealed.EncryptionContext?.['context'] === EncryptionContext?.['context'];
  return isSame ? { status: 200, body: { KeyId, Plaintext: sealed.Plaintext } } : { status: 400, body: { __type: 'InvalidCiphertextException' } };
}
