import { realmFolder } from 'script';
import type { DriverMessage } from '../child-messages.js';
import { Compiler } from '../child/compiler.js';
import { openRealm } from '../child/realm.js';
import type { Jail, JailExit, JailListener } from '../driver.js';
import { defaultSize } from '../node-arguments.js';

/** For all of them: no script of these tests imports. */
const compiler = new Compiler(realmFolder, () => new Error('There is no import() here'));

/** A jail without walls: the very realm and frames, in this process, so that thousands of runs are no matter. `answered` is told of each answer that went in. */
export function inProcessJail(answered: () => void = () => undefined): Jail {
  let listener: JailListener | null = null;
  let isGone = false;
  let exit: (how: JailExit) => void = () => undefined;
  const exited = new Promise<JailExit>((resolve) => (exit = resolve));
  const realm = openRealm({
    compiler,
    send: (head, body) => setImmediate(() => isGone || listener?.frame({ head: JSON.parse(head), body: Buffer.from(body ?? '') })),
  });

  const receive = (message: DriverMessage, body: Uint8Array): void => {
    if (message.t === 'run') realm.run({ code: Buffer.from(body).toString('utf8'), jobJson: JSON.stringify(message.job), tape: message.tape ?? '' });
    else if (message.t === 'answer') realm.deliver(message, body);
    else if (message.t === 'ping') listener?.frame({ head: { t: 'pong', n: message.n }, body: Buffer.alloc(0) });
    if (message.t === 'answer') answered();
  };

  return {
    size: defaultSize,
    pid: undefined,
    ready: Promise.resolve(),
    exited,
    listen: (to) => {
      listener = to;
      void exited.then((how) => to.exit(how));
    },
    // Through JSON, as on the wire.
    send: (message, body) =>
      void setImmediate(() => isGone || receive(JSON.parse(JSON.stringify(message)) as DriverMessage, Buffer.from((body ?? '') as Uint8Array))),
    usage: () => null,
    pausedMs: 0,
    pause: () => undefined,
    resume: () => undefined,
    renew: () => Promise.reject(new Error('It is used once')),
    kill: () => {
      if (isGone) return;
      isGone = true;
      realm.close();
      exit({ code: null, signal: 'SIGKILL', stderr: '' });
    },
  };
}
