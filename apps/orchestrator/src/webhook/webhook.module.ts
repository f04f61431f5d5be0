import { Module } from '@nestjs/common';
import { ConcernedRepository } from './concerned.repository.js';
import { InboxRepository } from './inbox.repository.js';
import { RoutedRepository } from './routed.repository.js';
import { RoutingRepository } from './routing.repository.js';
import { WebhookFollower } from './webhook-follower.js';
import { WebhookRuns } from './webhook-runs.js';

/** Routes the webhooks of external APIs from the inbox to the scripts and products that they concern. */
@Module({ providers: [WebhookFollower, WebhookRuns, RoutingRepository, RoutedRepository, ConcernedRepository, InboxRepository], exports: [WebhookRuns] })
export class WebhookModule {}
