import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply } from 'fastify';
import 'reflect-metadata';
import { AppErrorFilter, toAppError } from './app-error.filter.js';
import { type RawBody, registerBodyParsers } from './body-parser.js';
import { type FirstHandler, serverWithFirst } from './first-handler.js';
import { HealthController } from './health.controller.js';
import { type Logger, LOGGER } from './logger.js';
import { nestLogger } from './nest-logger.js';
import { onStopSignal } from './stop-signal.js';
import { SchemaValidationPipe } from './validation.pipe.js';

/** What a service is started with. `bodyLimitBytes` holds for parsed bodies (default 10 MB). */
export type ServiceOptions = {
  name: string;
  module: Type | DynamicModule;
  /** 0 takes a free one. */
  port: number;
  host?: string;
  logger: Logger;
  bodyLimitBytes?: number;
  /** Paths whose bodies reach the controller as a Buffer or as the request's stream, whatever their content type. */
  rawBodies?: RawBody[];
  /** Made once the application is there: answers requests before the framework sees them. */
  first?: (app: NestFastifyApplication) => FirstHandler;
  /** Runs before the application initialises: plugins, hooks, middleware. */
  configure?: (app: NestFastifyApplication) => void | Promise<void>;
};

/** A service that listens. `close` ends it gracefully: no new requests, those in flight finished, modules destroyed. */
export type RunningService = { app: NestFastifyApplication; url: string; close(): Promise<void> };

/**
 * Starts a Nest application on Fastify as every service of the platform runs: our error form, zod validation, `GET /health`,
 * the logger injectable under {@link LOGGER}, and a graceful end on SIGTERM and SIGINT. Listening means ready.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { host = '127.0.0.1', logger } = options;
  let first = leaveToFramework;
  // Long enough for a connection id of 255 characters, each percent-encoded. Published SDKs ask for `/records/`. No header says who the client is.
  const adapter = new FastifyAdapter({
    routerOptions: { maxParamLength: 1_000, ignoreTrailingSlash: true },
    trustProxy: false,
    frameworkErrors: answerMalformed,
    ...(options.first ? { serverFactory: serverWithFirst((request, response) => first(request, response)) } : {}),
  });
  registerBodyParsers(adapter.getInstance(), options.bodyLimitBytes ?? 10_000_000, options.rawBodies ?? []);
  const app = await NestFactory.create<NestFastifyApplication>(rootOf(options.module, logger), adapter, {
    logger: nestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalPipes(new SchemaValidationPipe());
  app.useGlobalFilters(new AppErrorFilter(logger));
  await options.configure?.(app);
  first = options.first?.(app) ?? first;
  await listen(app, options.port, host);
  const url = await app.getUrl();
  const close = closeOnce(app);
  onStopSignal(logger, close);
  logger.info('service.started', { url });
  return { app, url, close };
}

const leaveToFramework: FirstHandler = () => false;

// A URL that the router cannot read never reaches a filter.
function answerMalformed(thrown: FastifyError, _request: unknown, reply: FastifyReply): void {
  const error = toAppError(thrown);
  void reply.status(error.status).send(error.toBody());
}

async function listen(app: NestFastifyApplication, port: number, host: string): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
}

const idleCheckMs = 100;

/** What has started is stopped once, however often and from wherever it is asked. */
function closeOnce(app: NestFastifyApplication): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => (closing ??= closeGracefully(app));
}

/** A connection whose last answer is on its way when the server closes would stay open for as long as its client keeps it. */
async function closeGracefully(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const timer = setInterval(() => !server.listening && server.closeIdleConnections(), idleCheckMs);
  try {
    await app.close();
  } finally {
    clearInterval(timer);
  }
}

@Module({})
class ServiceModule {}

function rootOf(module: Type | DynamicModule, logger: Logger): DynamicModule {
  return {
    module: ServiceModule,
    global: true,
    imports: [module],
    controllers: [HealthController],
    providers: [{ provide: LOGGER, useValue: logger }],
    exports: [LOGGER],
  };
}
