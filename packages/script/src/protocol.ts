/**
 * What the realm (the script's side) and its host (the jail's process) say to each other.
 * Only strings, numbers and booleans cross, and byte arrays that the realm itself has made: a host object in
 * the realm would be a way out of it.
 */

/** Functions of the host. The realm calls them only through `Host`, which swallows what they might throw. */
export type HostFunctions = {
  /** Sends one frame to the broker: JSON head, and the output of a run that is done. */
  send(head: string, body: string | null): void;
  /** {@link HostFunctions.send} for a call, whose answer comes under this id; the body is a save's records as JSON text. */
  call(id: number, head: string, body: string | null): void;
  /** Milliseconds since 1970. This and what follows down to `randomBytes` is read from the run's tape. */
  clock(): number;
  /** Milliseconds since some moment of the run, in steps of a tenth; never goes back. */
  steadyClock(): number;
  /** As `Math.random`. */
  random(): number;
  /** Randomness for secrets, as lower case hex. */
  randomBytes(size: number): string;
  /** Calls {@link RealmHandle.fire} with the id after so many milliseconds. Ids are handed out in order, as those of calls. */
  startTimer(id: number, delayMs: number): void;
  stopTimer(id: number): void;
  /** Asks for a computation the language lacks; arguments and answer are JSON. An answer `{"error": "..."}` is a refusal. */
  compute(name: HostComputation, argumentsJson: string): string;
  /** Evaluates one of {@link bundledModules} inside the realm; answers its exports, which are the realm's own. */
  load(name: string): unknown;
};

/** URL parsing and cryptography. Byte arguments and results are base64. */
export type HostComputation = 'url.parse' | 'url.set' | CryptoComputation;

/** A cipher under way is told of by its number; keys travel as PEM text, DER bytes or a JWK. */
export type CryptoComputation =
  | `crypto.${'hash' | 'hmac' | 'sign' | 'verify' | 'pbkdf2' | 'scrypt' | 'hkdf'}`
  | `crypto.${'key' | 'key.export' | 'generateKeyPair' | 'diffieHellman'}`
  | `crypto.${'cipher.open' | 'cipher.step' | 'publicEncrypt' | 'rsa'}`
  | `crypto.${'names' | 'cipherInfo'}`;

/** What the realm's code answers when it is booted: the host's only way in. */
export type RealmHandle = {
  /** Runs a script: a CommonJS function made in the realm, the context and the input as JSON. */
  start(script: ScriptFunction, jobJson: string): void;
  /** Answers the call of that id; `text` is the body as text, `bytes` the array from {@link allocate} already filled. */
  deliver(answerJson: string, text: string | null, bytes: Uint8Array | null): void;
  fire(timerId: number): void;
  abort(): void;
  /** A promise of the script was rejected and nobody handled it. */
  unhandled(reason: unknown): void;
  allocate(size: number): Uint8Array;
  /** Makes an error of the realm, for what the host has to refuse by throwing. */
  error(message: string): Error;
  /** Timers and calls that can still wake the script up; none left and no result means that it never ends. */
  pending(): number;
};

/** The CommonJS wrapper, and what is called where the code says `import()`. */
export type ScriptFunction = (exports: object, require: (name: string) => unknown, module: { exports: unknown }, refuseImport: () => Promise<never>) => void;

/**
 * Modules a script may require and that are bundled beside the realm, by file name. `zod` is zod 3: scripts that
 * leave it to the platform were written against it (`z.record(one)`, `error.errors`). Newer ones name `zod/v4`, or
 * bring their own zod in the bundle.
 */
export const bundledModules = { zod: 'zod-v3', 'zod/v3': 'zod-v3', 'zod/v4': 'zod-v4', lodash: 'lodash' } as const;

/**
 * Libraries written for Node that a script may require, by file name. Each is a function of a `require` that answers the
 * library; their calls over HTTP become `uncontrolledFetch`, what needs files or sockets of its own refuses when it is called.
 */
export const bundledLibraries = { soap: 'soap', unzipper: 'unzipper', botbuilder: 'botbuilder' } as const;

/** A frame from realm to host. */
export type RealmMessage =
  | { t: 'call'; id: number; method: BrokerMethod; args: unknown; binary?: boolean }
  | { t: 'log'; at: string; level: string; message: string; meta?: unknown }
  | { t: 'done'; outcome: 'succeeded' | 'aborted' }
  | { t: 'done'; outcome: 'failed'; error: unknown };

/** Methods of the broker that the realm calls. */
export type BrokerMethod = 'call' | 'connection' | 'save' | 'platform' | 'triggerAction';
