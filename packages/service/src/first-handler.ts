import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FastifyServerFactory } from 'fastify';

/** Answers requests that are too many to go through the framework; false leaves one to it. */
export type FirstHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** An HTTP server that asks `first` about each request before the framework gets it. */
export function serverWithFirst(first: FirstHandler): FastifyServerFactory {
  return (framework, options) => {
    const server = createServer((request, response) => {
      // Its client learns that it closes, as from the framework's answers.
      if (!server.listening) response.shouldKeepAlive = false;
      if (!first(request, response)) framework(request, response);
    });
    // What the framework sets on a server of its own.
    server.keepAliveTimeout = Number(options['keepAliveTimeout']);
    server.requestTimeout = Number(options['requestTimeout']);
    return server;
  };
}
