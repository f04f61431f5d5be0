import { Module } from '@nestjs/common';
import { OAuthModule } from '../oauth/oauth.module.js';
import { InboxWriter } from './inbox-writer.js';
import { InboxRepository } from './inbox.repository.js';
import { WebhookIntakeService } from './webhook-intake.service.js';
import { WebhookTargetRepository } from './webhook-target.repository.js';
import { WebhookTargets } from './webhook-targets.js';
import { WebhookController } from './webhook.controller.js';

/** The intake of webhooks from external APIs. */
@Module({
  imports: [OAuthModule],
  controllers: [WebhookController],
  providers: [WebhookIntakeService, WebhookTargets, WebhookTargetRepository, InboxWriter, InboxRepository],
})
export class WebhookModule {}
