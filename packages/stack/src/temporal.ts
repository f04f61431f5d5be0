import { connect } from 'node:http2';
import type { Component } from './component.js';

/** Where a Temporal development server keeps its state, and how carefully. */
export interface TemporalOptions {
  binary: string;
  port: number;
  databaseFile: string;
  /** State that nobody will miss: no flushing to disk. */
  ephemeral: boolean;
  /** More of the server's dynamic settings, as `name=value`. */
  settings?: string[];
}

/**
 * Temporal's development server. Out of the box it looks into its task queue 20 times a second, so that every dispatch
 * waits 50 ms; and its database file is slow unless it writes ahead.
 */
export function temporalServer({ binary, port, databaseFile, ephemeral, settings: more = [] }: TemporalOptions): Component {
  const pragmas = ['journal_mode=wal', `synchronous=${ephemeral ? 'off' : 'normal'}`];
  const settings = [
    'history.transferProcessorMaxPollRPS=2000',
    'history.timerProcessorMaxPollRPS=2000',
    // Priorities and turns by environment on the runners' queue; in one part, since each part of a queue is fair by itself alone.
    'matching.useNewMatcher=true',
    'matching.enableFairness=true',
    'matching.numTaskqueueReadPartitions=1',
    'matching.numTaskqueueWritePartitions=1',
    ...more,
  ];
  const flags = [
    ['--headless'],
    ['--ip', '127.0.0.1'],
    ['--port', String(port)],
    ['--db-filename', databaseFile],
    ['--log-level', 'warn'],
    ...pragmas.map((pragma) => ['--sqlite-pragma', pragma]),
    ...settings.map((setting) => ['--dynamic-config-value', setting]),
  ].flat();
  return {
    name: 'temporal',
    command: binary,
    args: ['server', 'start-dev', ...flags],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', GOMEMLIMIT: '400MiB' },
    ready: () => temporalAnswers(`127.0.0.1:${port}`),
    stopSignal: 'SIGTERM',
    startTimeoutMs: 60_000,
    advice: `Look at the lines above. If the file ${databaseFile} is damaged, move it away: the platform rebuilds its schedules from Postgres.`,
  };
}

/** Whether a Temporal frontend serves at the address: the standard gRPC health check, without a gRPC library. */
export function temporalAnswers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`http://${address}`);
    const end = (answer: boolean): void => {
      session.destroy();
      resolve(answer);
    };
    session.on('error', () => end(false));
    session.setTimeout(2000, () => end(false));
    const stream = session.request({ ':method': 'POST', ':path': '/grpc.health.v1.Health/Check', 'content-type': 'application/grpc', te: 'trailers' });
    stream.on('error', () => end(false));
    stream.on('data', (frame: Buffer) => end(frame.equals(serving)));
    stream.on('end', () => end(false));
    stream.end(healthRequest);
  });
}

const frontend = Buffer.from('temporal.api.workflowservice.v1.WorkflowService');
/** HealthCheckRequest of Temporal's frontend (field 1: the service), behind gRPC's five-byte frame header. */
const healthRequest = framed(Buffer.concat([Buffer.from([0x0a, frontend.length]), frontend]));
/** HealthCheckResponse with field 1, status, 1: SERVING. */
const serving = framed(Buffer.from([0x08, 0x01]));

function framed(message: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}
