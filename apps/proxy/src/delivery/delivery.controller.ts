import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { type DeliveryAnswer, DeliveryRequest } from 'model';
import { requireService } from 'service';
import { DeliveryService } from './delivery.service.js';

@Controller('internal/deliveries')
@UseGuards(requireService('orchestrator', 'server'))
export class DeliveryController {
  constructor(private readonly deliveries: DeliveryService) {}

  @Post()
  @HttpCode(200)
  deliver(@Body({ schema: DeliveryRequest }) request: DeliveryRequest): Promise<DeliveryAnswer> {
    return this.deliveries.deliver(request);
  }
}
