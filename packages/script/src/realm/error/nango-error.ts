/** A refusal of the platform, with the code it ends the run with if the script does not catch it. */
export class NangoError extends Error {
  override name = 'NangoError';

  constructor(
    readonly code: string,
    message: string,
    readonly payload?: unknown,
  ) {
    super(message);
  }

  /** The code, under the name that scripts of older versions read. */
  get type(): string {
    return this.code;
  }
}

/** Thrown by scripts as `new nango.ActionError(payload)`: the payload goes to whoever called the action. */
export class ActionError extends Error {
  override name = 'ActionError';
  readonly type = 'action_script_runtime_error';
  readonly payload: Record<string, unknown>;

  constructor(payload?: unknown) {
    super(messageOf(payload));
    this.payload = isPlainObject(payload) ? payload : payload === undefined ? {} : { message: payload };
  }
}

function messageOf(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  if (isPlainObject(payload) && typeof payload['message'] === 'string') return payload['message'];
  return 'The script ended with an ActionError';
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
