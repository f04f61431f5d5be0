import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { AppError } from 'model';
import type { Dispatcher } from 'undici';
import { openHeaders } from '../access/cors.js';
import { passedHeaders } from './passed-headers.js';

/** Held for a caller who reads slowly; beyond this the proxy has to wait. */
const waitingBytes = 512 * 1024;

/** Writes what the proxy answers into the answer to our caller as it comes. Whoever breaks off, the other side is torn down too. */
export class Passage implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #hasBody = false;

  /** `body`: what is on its way to the proxy. */
  constructor(
    private readonly to: ServerResponse,
    private readonly body: Readable | null,
  ) {
    to.once('close', () => {
      if (!to.writableFinished) this.#controller?.abort(callerLeft());
    });
    to.on('drain', () => this.#controller?.resume());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.to.destroyed) controller.abort(callerLeft());
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    // Who may read the answer is for this server to say, not for the API behind it.
    this.to.writeHead(status, [...passedHeaders(textOf(controller.rawHeaders), ofThisServer), ...openHeaders]);
    // Mostly the body comes at once, and goes out with the head in one piece.
    setImmediate(() => this.#hasBody || this.to.flushHeaders());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#hasBody = true;
    if (!this.to.write(chunk) && this.to.writableLength > waitingBytes) controller.pause();
  }

  onResponseEnd(): void {
    this.#hasBody = true;
    this.to.end();
  }

  onResponseError(_: Dispatcher.DispatchController | null, cause: Error): void {
    // Read out then: its caller may not read before it has written.
    this.body?.destroy();
    // Not the response: while the one before it on this connection is being written off it has no socket, and would destroy none.
    if (this.to.headersSent || this.to.destroyed) return void this.to.req.socket.destroy();
    const error = new AppError('service_unavailable', { message: 'The proxy does not answer', cause });
    this.to.writeHead(error.status, ['content-type', 'application/json; charset=utf-8', ...openHeaders]).end(JSON.stringify(error.toBody()));
  }
}

const ofThisServer = ['access-control-allow-origin', 'access-control-expose-headers'];

function textOf(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  return Array.isArray(raw) ? raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1'))) : [];
}

function callerLeft(): Error {
  return new DOMException('The caller has left', 'AbortError');
}
