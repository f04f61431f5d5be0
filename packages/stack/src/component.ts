/** One process of the stack: how it is started, and how to tell that it answers. */
export interface Component {
  name: string;
  command: string;
  args: string[];
  env: Record<string, string>;
  /** The system user it runs as; only root may choose. */
  user?: { uid: number; gid: number };
  /** True when it does its work; false or a rejection means: ask again. */
  ready: () => Promise<boolean>;
  /** The signal that ends it in good order. */
  stopSignal: NodeJS.Signals;
  /** How long it may take to get ready. */
  startTimeoutMs: number;
  /** What a person can do when it does not start. */
  advice: string;
}
