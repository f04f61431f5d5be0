import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import type { StackFile } from 'model';
import { StartFailure } from './child.js';
import type { Component } from './component.js';
import { type Home, lastingHome, passingHome } from './home.js';
import { type Keys, keysIn, writeSeed } from './keys.js';
import { assignPorts, portNear } from './ports.js';
import { postgresUrl, preparePostgres } from './postgres.js';
import { builtProgram } from './repository.js';
import { RunFile } from './run-file.js';
import { defaultPorts, type PortName, serviceNames, services, simulator, type Wiring } from './services.js';
import { writeStackFile } from './stack-file.js';
import { Supervised } from './supervised.js';
import { temporalBinary } from './temporal-binary.js';
import { temporalAnswers, temporalServer } from './temporal.js';

const run = promisify(execFile);

/** How a stack is started. */
export interface StackOptions {
  /** Where its data stays; without it everything is temporary and on free ports. */
  home?: string | undefined;
  /** Where stack.json is written instead of beside the data. */
  stackFile?: string | undefined;
  /** The server's port; the default when it is free. */
  port?: number | undefined;
  /** Takes no default port: while one of its processes is dead, another stack on this machine would take its place. */
  freePorts?: boolean | undefined;
  /** Hosts inside that the proxy may call, beside those of NANGO_EGRESS_ALLOW and the simulator. */
  egressAllow?: string | undefined;
  /** One line at a time of what happens. */
  say?: ((line: string) => void) | undefined;
  /** Ends the stack, also while it starts. */
  signal?: AbortSignal | undefined;
}

/** Thrown when the folder's stack runs already. */
export class AlreadyRunning extends Error {
  constructor(readonly pid: number) {
    super(`a stack runs here already (pid ${pid})`);
    this.name = 'AlreadyRunning';
  }
}

/** A running stack: everything of the platform on this machine, supervised by this process. */
export class Stack {
  private readonly running = new Map<string, Supervised>();
  private demo: StackFile['demo'];
  private complete = false;
  private stopping: Promise<void> | null = null;

  private constructor(
    readonly home: Home,
    readonly keys: Keys,
    readonly ports: Record<PortName, number>,
    private readonly options: StackOptions,
    private readonly runFile: RunFile,
  ) {}

  /** Starts everything; throws what is wrong, leaving nothing running. */
  static async start(options: StackOptions = {}): Promise<Stack> {
    const home = options.home === undefined ? await passingHome() : await lastingHome(options.home);
    const runFile = new RunFile(join(home.folder, 'running.json'));
    const owner = await runFile.take();
    if (owner !== null) throw new AlreadyRunning(owner);
    const stack = await Stack.prepare({ home, options, runFile });
    options.signal?.addEventListener('abort', () => void stack.stop());
    try {
      await stack.startAll();
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  private static async prepare({ home, options, runFile }: { home: Home; options: StackOptions; runFile: RunFile }): Promise<Stack> {
    try {
      return new Stack(home, await keysIn(home.folder), await portsFor(options), options, runFile);
    } catch (error) {
      runFile.release();
      await home.clean();
      throw error;
    }
  }

  get serverUrl(): string {
    return `http://localhost:${this.ports.server}`;
  }

  get connectUrl(): string {
    return `http://localhost:${this.ports.connect}`;
  }

  get simulatorUrl(): string {
    return `http://127.0.0.1:${this.ports.simulator}`;
  }

  get databaseUrl(): string {
    return postgresUrl({ port: this.ports.postgres, password: this.keys.postgresPassword });
  }

  get temporalAddress(): string {
    return process.env['TEMPORAL_ADDRESS'] ?? `127.0.0.1:${this.ports.temporal}`;
  }

  get stackFile(): string {
    return this.options.stackFile ?? join(this.home.folder, 'stack.json');
  }

  /** What stack.json says now. */
  describe(): StackFile {
    const pid = (name: string): number => this.running.get(name)?.pid ?? 0;
    const besides = this.home.postgresData !== join(this.home.folder, 'postgres');
    return {
      serverUrl: this.serverUrl,
      dashboardUrl: this.serverUrl,
      connectUrl: this.connectUrl,
      proxyUrl: `http://127.0.0.1:${this.ports.proxy}`,
      simulatorUrl: this.simulatorUrl,
      temporalAddress: this.temporalAddress,
      databaseUrl: this.databaseUrl,
      environments: this.keys.environments,
      dashboard: this.keys.dashboard,
      ...(this.demo ? { demo: this.demo } : {}),
      pids: {
        postgres: pid('postgres'),
        temporal: pid('temporal'),
        orchestrator: pid('orchestrator'),
        proxy: pid('proxy'),
        runner: pid('runner'),
        server: pid('server'),
      },
      ...(besides ? { postgresData: this.home.postgresData } : {}),
      supervisorPid: process.pid,
    };
  }

  /** Notes in stack.json where the demo is to be found. */
  noteDemo(demo: NonNullable<StackFile['demo']>): void {
    this.demo = demo;
    this.write();
  }

  /** Ends every process in good order (services first, their stores last), then what was temporary. */
  stop(): Promise<void> {
    this.stopping ??= this.endAll();
    return this.stopping;
  }

  private async endAll(): Promise<void> {
    const end = (...names: string[]): Promise<unknown> => Promise.all(names.map((name) => this.running.get(name)?.end()));
    await end('server', 'runner', 'proxy', 'orchestrator', 'simulator');
    await end('temporal', 'postgres');
    await rm(this.stackFile, { force: true });
    this.runFile.release();
    await this.home.clean();
  }

  private async startAll(): Promise<void> {
    const database = this.bringUp('postgres', () => this.postgres()).then(() => this.migrate());
    const tracker = this.bringUp('simulator', async () => simulator(this.ports.simulator));
    await Promise.all([database, tracker, this.startTemporal()]);
    const platform = services(await this.wiring());
    await Promise.all(serviceNames.map((name) => this.bringUp(name, async () => platform[name])));
    this.complete = true;
    this.write();
  }

  private async postgres(): Promise<Component> {
    const { folder, postgresData, postgresPrograms } = this.home;
    const ephemeral = this.options.home === undefined;
    await mkdir(folder, { recursive: true });
    return preparePostgres({ data: postgresData, port: this.ports.postgres, password: this.keys.postgresPassword, ephemeral, programs: postgresPrograms });
  }

  private async startTemporal(): Promise<void> {
    const given = process.env['TEMPORAL_ADDRESS'];
    if (given !== undefined) {
      if (!(await temporalAnswers(given))) throw new Error(`temporal does not answer at TEMPORAL_ADDRESS=${given}`);
      return this.say(line('temporal', 0, given));
    }
    await this.bringUp('temporal', async () => {
      const binary = await temporalBinary((text) => this.say(text));
      return temporalServer({
        binary,
        port: this.ports.temporal,
        databaseFile: join(this.home.folder, 'temporal.db'),
        ephemeral: this.options.home === undefined,
      });
    });
  }

  private async migrate(): Promise<void> {
    const startedAt = performance.now();
    const env = { PATH: process.env['PATH'] ?? '', NANGO_DATABASE_URL: this.databaseUrl };
    await run(process.execPath, [builtProgram('packages/database', 'migrate.main.js')], { env });
    this.say(line('migrations', performance.now() - startedAt));
  }

  private async wiring(): Promise<Wiring> {
    const allowed = [process.env['NANGO_EGRESS_ALLOW'], this.options.egressAllow, `127.0.0.1:${this.ports.simulator}`];
    return {
      ports: this.ports,
      databaseUrl: this.databaseUrl,
      temporalAddress: this.temporalAddress,
      encryptionKey: this.keys.encryptionKey,
      internalKey: this.keys.internalKey,
      seedFile: await writeSeed(this.home.folder, this.keys),
      egressAllow: allowed.filter(Boolean).join(','),
    };
  }

  private async bringUp(name: PortName, prepare: () => Promise<Component>): Promise<void> {
    const startedAt = performance.now();
    const component = await prepare();
    if (this.stopping) throw new Error('the stack is being stopped');
    const supervised = new Supervised(component, {
      logFile: this.logFile(name),
      launched: (pid) => {
        this.runFile.noteChild(name, pid, component.stopSignal);
        this.write();
      },
      say: (text) => this.say(text),
    });
    this.running.set(name, supervised);
    await supervised.start();
    this.say(line(name, performance.now() - startedAt, `127.0.0.1:${this.ports[name]}`));
  }

  /** Where a component's output goes. */
  logFile(name: string): string {
    return join(this.home.folder, 'logs', `${name}.log`);
  }

  private write(): void {
    if (this.complete) writeStackFile(this.stackFile, this.describe());
  }

  private say(text: string): void {
    this.options.say?.(text);
  }
}

/** Default ports where they are free, all others for a stack that passes; the one port that was asked for or nothing. */
async function portsFor({ home, port, freePorts = home === undefined }: StackOptions): Promise<Record<PortName, number>> {
  if (port !== undefined && (await portNear(port)) !== port) throw new Error(`port ${port} is taken: choose another --port, or leave it out`);
  const ports = await assignPorts(defaultPorts, { anyPort: freePorts });
  return port === undefined ? ports : { ...ports, server: port };
}

/** What went wrong at a start, in words for a person: the component, what it said last, what to do. */
export function explain(error: unknown): string {
  if (!(error instanceof StartFailure)) return error instanceof Error ? error.message : String(error);
  return [`${error.component.name} ${error.reason}. It said last:`, ...error.lastLines.map((text) => `  | ${text}`), error.component.advice].join('\n');
}

const line = (name: string, ms: number, detail = ''): string => `${name.padEnd(14)}${(ms / 1000).toFixed(1).padStart(5)} s   ${detail}`.trimEnd();
