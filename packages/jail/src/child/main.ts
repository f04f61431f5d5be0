import type { DriverMessage } from '../child-messages.js';
import { encodeFrame, encodeHead } from '../frame.js';
import { Bridge } from './bridge.js';
import { closeProcess } from './close-process.js';
import { Compiler } from './compiler.js';
import { type JailRealm, openRealm } from './realm.js';

/** The jail's process: opens a realm, waits on descriptor 3 for the script it will run, and carries its calls. A run never meets the realm of another. */
function main(bundleFolder: string): void {
  // The language asks the machine for its time zone; every run is to see the same one.
  process.env['TZ'] = 'UTC';
  // Without its parent a jail has nothing to live for.
  const leave = process.exit.bind(process, 0);
  const bridge = new Bridge(3, leave);
  // Those that were closed before are never entered again, so whoever imports is the present one.
  const compiler = new Compiler(bundleFolder, () => realm.importRefusal());
  const open = (): JailRealm => openRealm({ compiler, send: (head, body) => bridge.write(encodeHead(head, body)) });
  let realm = open();
  closeProcess();
  bridge.listen((head, body) => {
    const message = head as DriverMessage;
    if (message.t !== 'renew') return handle(realm, bridge, { message, body });
    // A script that left something running behind has used this process up.
    if (!realm.close()) leave();
    // In a turn of its own: what the closed realm has been told before it still does while it is the present one.
    setImmediate(() => {
      realm = open();
      bridge.write(encodeFrame({ t: 'ready' }));
    });
  });
  bridge.write(encodeFrame({ t: 'ready' }));
}

function handle(realm: JailRealm, bridge: Bridge, { message, body }: { message: Exclude<DriverMessage, { t: 'renew' }>; body: Uint8Array }): void {
  switch (message.t) {
    case 'run':
      return realm.run({ code: Buffer.from(body).toString('utf8'), jobJson: JSON.stringify(message.job), tape: message.tape ?? '' });
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
