import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriverMessage } from '../child-messages.js';
import { encodeFrame, encodeHead } from '../frame.js';
import { Bridge } from './bridge.js';
import { closeProcess } from './close-process.js';
import { type JailRealm, openRealm } from './realm.js';

/** The jail's process: opens a realm, waits on descriptor 3 for the one script it will run, and carries its calls. */
function main(bundleFolder: string): void {
  // Without its parent a jail has nothing to live for.
  const bridge = new Bridge(3, process.exit.bind(process, 0));
  const realm = openRealm({
    readBundle: (name) => readFileSync(join(bundleFolder, `${name}.js`), 'utf8'),
    send: (head, body) => bridge.write(encodeHead(head, body)),
  });
  closeProcess();
  bridge.listen((head, body) => handle(realm, bridge, { message: head as DriverMessage, body }));
  bridge.write(encodeFrame({ t: 'ready' }));
}

function handle(realm: JailRealm, bridge: Bridge, { message, body }: { message: DriverMessage; body: Uint8Array }): void {
  switch (message.t) {
    case 'run':
      return realm.run(Buffer.from(body).toString('utf8'), JSON.stringify(message.job));
    case 'answer':
      return realm.deliver(message, body);
    case 'ping':
      return bridge.write(encodeFrame({ t: 'pong', n: message.n }));
    case 'abort':
      return realm.abort();
  }
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('The jail needs the folder of the realm');
main(folder);
