import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { DriverMessage } from '../child-messages.js';
import { encodeFrame, encodeHead, FrameReader } from '../frame.js';
import { closeProcess } from './close-process.js';
import { type JailRealm, openRealm } from './realm.js';

/** The parent is trusted; this only keeps a broken length from being believed. */
const maxFrameBytes = 1024 * 1024 * 1024;

/** The jail's process: opens a realm, waits on descriptor 3 for the one script it will run, and carries its calls. */
function main(bundleFolder: string): void {
  const exit = process.exit.bind(process, 0);
  const socket = new Socket({ fd: 3, readable: true, writable: true });
  const reader = new FrameReader(maxFrameBytes);
  const realm = openRealm({
    readBundle: (name) => readFileSync(join(bundleFolder, `${name}.js`), 'utf8'),
    send: (head, body) => write(socket, encodeHead(head, body)),
  });
  closeProcess();
  socket.on('data', (chunk: Buffer) => {
    for (const { head, body } of reader.push(chunk)) handle(realm, socket, { message: head as DriverMessage, body });
  });
  // Without its parent a jail has nothing to live for.
  socket.on('close', exit);
  socket.on('error', exit);
  write(socket, encodeFrame({ t: 'ready' }));
}

function handle(realm: JailRealm, socket: Socket, { message, body }: { message: DriverMessage; body: Uint8Array }): void {
  switch (message.t) {
    case 'run':
      return realm.run(Buffer.from(body).toString('utf8'), JSON.stringify(message.job));
    case 'answer':
      return realm.deliver(message, body);
    case 'ping':
      return write(socket, encodeFrame({ t: 'pong', n: message.n }));
    case 'abort':
      return realm.abort();
  }
}

function write(socket: Socket, chunks: Uint8Array[]): void {
  socket.cork();
  for (const chunk of chunks) socket.write(chunk);
  socket.uncork();
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('The jail needs the folder of the realm');
main(folder);
