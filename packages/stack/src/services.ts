import type { Component } from './component.js';
import { builtProgram } from './repository.js';

/** The port each service asks for. */
export const defaultPorts = {
  server: 3003,
  proxy: 3004,
  runner: 3005,
  orchestrator: 3008,
  connect: 3009,
  simulator: 3010,
  temporal: 7233,
  postgres: 5432,
} as const;
export type PortName = keyof typeof defaultPorts;

/** What services need to find each other. */
export interface Wiring {
  ports: Record<PortName, number>;
  databaseUrl: string;
  temporalAddress: string;
  encryptionKey: string;
  internalKey: string;
  seedFile: string;
  /** Hosts inside that the proxy may call. */
  egressAllow: string;
}

/** The platform's own processes. */
export const serviceNames = ['orchestrator', 'proxy', 'runner', 'server'] as const;
type ServiceName = (typeof serviceNames)[number];

/** The platform's four services with the environment each of them gets, and nothing more: the runner sees no database and no key. */
export function services(wiring: Wiring): Record<ServiceName, Component> {
  const { ports } = wiring;
  const urls = {
    NANGO_SERVER_URL: `http://localhost:${ports.server}`,
    PROXY_URL: `http://127.0.0.1:${ports.proxy}`,
    ORCHESTRATOR_URL: `http://127.0.0.1:${ports.orchestrator}`,
  };
  const base = { ...passedOn(), ...urls, NANGO_INTERNAL_KEY: wiring.internalKey };
  const data = { NANGO_DATABASE_URL: wiring.databaseUrl, NANGO_ENCRYPTION_KEY: wiring.encryptionKey };
  const temporal = { TEMPORAL_ADDRESS: wiring.temporalAddress };
  return {
    orchestrator: service('orchestrator', ports.orchestrator, { ...base, ...data, ...temporal, ORCHESTRATOR_PORT: String(ports.orchestrator) }),
    proxy: service('proxy', ports.proxy, { ...base, ...data, PROXY_PORT: String(ports.proxy), NANGO_EGRESS_ALLOW: wiring.egressAllow }),
    runner: service('runner', ports.runner, { ...base, ...temporal, RUNNER_PORT: String(ports.runner) }),
    server: service('server', ports.server, {
      ...base,
      ...data,
      ...temporal,
      SERVER_PORT: String(ports.server),
      NANGO_CONNECT_UI_PORT: String(ports.connect),
      NANGO_SEED: wiring.seedFile,
    }),
  };
}

/** The demo's issue tracker. */
export function simulator(port: number): Component {
  return { ...node('simulator', builtProgram('packages/simulator'), { ...passedOn(), SIMULATOR_PORT: String(port) }), ready: () => isHealthy(port) };
}

function service(name: ServiceName, port: number, env: Record<string, string>): Component {
  return { ...node(name, builtProgram(`apps/${name}`), env), ready: () => isHealthy(port) };
}

function node(name: string, program: string, env: Record<string, string>): Omit<Component, 'ready'> {
  return {
    name,
    command: process.execPath,
    args: [program],
    env,
    stopSignal: 'SIGTERM',
    startTimeoutMs: 60_000,
    advice: `Look at the lines above and the whole log. Was everything built? "pnpm build" builds ${program}.`,
  };
}

async function isHealthy(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) });
  return response.ok && ((await response.json()) as { result?: string }).result === 'ok';
}

/** Of the caller's environment: what programs need to run, and the settings of this project. Secrets come from the wiring alone. */
function passedOn(): Record<string, string> {
  const wanted =
    /^(PATH|HOME|LANG|LC_ALL|TZ|TMPDIR|NODE_ENV|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|LOG_LEVEL|NANGO_.*|TEMPORAL_NAMESPACE|RUNNER_[A-Z_]*SLOTS|RUNNER_JAIL)$/;
  const withheld = new Set(['NANGO_DATABASE_URL', 'NANGO_ENCRYPTION_KEY', 'NANGO_INTERNAL_KEY', 'NANGO_EGRESS_ALLOW', 'NANGO_SEED']);
  const entries = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && wanted.test(name) && !withheld.has(name) && !name.startsWith('NANGO_SECRET_KEY'),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
