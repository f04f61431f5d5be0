import { Module } from '@nestjs/common';
import { DeliveryClient } from './delivery.client.js';
import { DeliveryService } from './delivery.service.js';
import { Dispatcher } from './dispatcher.js';
import { OutboxRepository } from './outbox.repository.js';

/** Sends the webhooks that wait in the outbox. */
@Module({ providers: [Dispatcher, DeliveryService, DeliveryClient, OutboxRepository] })
export class DeliveryModule {}
