import { Buffer } from 'buffer/index.js';
import { base64, type Data, decoded, toBuffer } from './bytes.js';

/** Collects data until it is asked for the result. */
export class Collector {
  readonly #parts: Buffer[];

  constructor(parts: Buffer[] = []) {
    this.#parts = parts;
  }

  update(data: Data, encoding?: string): this {
    this.#parts.push(Buffer.from(toBuffer(data, encoding)));
    return this;
  }

  end(): this {
    return this;
  }

  protected get parts(): Buffer[] {
    return [...this.#parts];
  }

  protected collected(): string {
    return base64(Buffer.concat(this.#parts));
  }
}

/** `Hash` and `Hmac` of Node. */
export class Digest extends Collector {
  readonly #compute: (data: string) => string;
  #ended = false;

  constructor(compute: (data: string) => string, parts: Buffer[] = []) {
    super(parts);
    this.#compute = compute;
  }

  override update(data: Data, encoding?: string): this {
    this.#refuseEnded();
    return super.update(data, encoding);
  }

  digest(encoding?: string): string | Buffer {
    this.#refuseEnded();
    this.#ended = true;
    return decoded(this.#compute(this.collected()), encoding);
  }

  /** A second one that goes on from here. */
  copy(): Digest {
    this.#refuseEnded();
    return new Digest(this.#compute, this.parts);
  }

  #refuseEnded(): void {
    if (this.#ended) throw new Error('Digest already called');
  }
}
