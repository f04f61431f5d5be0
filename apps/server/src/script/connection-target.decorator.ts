import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';

/** Which connection a request is about, as far as its headers say. */
export type TargetHeaders = { connectionId: string | undefined; providerConfigKey: string | undefined };

/** The `Connection-Id` and `Provider-Config-Key` headers. */
export const ConnectionTarget = createParamDecorator((_: unknown, context: ExecutionContext): TargetHeaders => {
  const { headers } = context.switchToHttp().getRequest<{ headers: IncomingHttpHeaders }>();
  return { connectionId: textOf(headers['connection-id']), providerConfigKey: textOf(headers['provider-config-key']) };
});

// An empty header is one that was not sent.
function textOf(header: string | string[] | undefined): string | undefined {
  return (Array.isArray(header) ? header[0] : header) || undefined;
}
