import { Body, Controller, Headers, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isAppError } from 'model';
import type { IncomingHttpHeaders } from 'node:http';
import type { RawBody } from 'service';
import { Public } from '../access/public.decorator.js';
import { WebhookIntakeService } from './webhook-intake.service.js';

/** Addresses of webhooks. */
export const webhookPath = /^\/webhook\/[^/]+\/[^/]+\/?$/;

/** What a signature is over: the bytes as they came. GitHub sends up to 25 MB. */
export const webhookBodies: RawBody = { path: webhookPath, as: 'buffer', limitBytes: 25_000_000 };

/** Where external APIs send their webhooks. Who may is told by the signature. */
@Public()
@Controller('webhook')
export class WebhookController {
  constructor(private readonly intake: WebhookIntakeService) {}

  @Post(':environmentUuid/:providerConfigKey')
  async receive(
    @Param('environmentUuid') environmentUuid: string,
    @Param('providerConfigKey') providerConfigKey: string,
    @Headers() headers: IncomingHttpHeaders,
    @Body() body: Uint8Array | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const webhook = { environmentUuid, providerConfigKey, headers, rawBody: body ?? new Uint8Array() };
    const answer = await this.intake.receive(webhook).catch((error: unknown) => {
      if (isAppError(error) && error.code === 'service_unavailable') void reply.header('retry-after', '1');
      throw error;
    });
    if (answer.kind === 'challenge') return void reply.status(200).type(answer.contentType).send(answer.content);
    void reply.status(answer.kind === 'kept' ? 200 : 204).send();
  }
}
