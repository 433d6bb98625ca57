import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { raw } from 'express';
import { RunsModule } from '../runs/runs.module.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveryStore } from './delivery-store.js';
import { WebhookReceiver } from './webhook-receiver.js';
import { WebhooksController } from './webhooks.controller.js';

/** GitLab's own cap on a payload: it does not send more. */
const LARGEST_DELIVERY = '25mb';

@Module({
  imports: [RunsModule],
  controllers: [WebhooksController, DeliveriesController],
  providers: [DeliveryStore, WebhookReceiver],
})
export class DeliveriesModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(raw({ type: () => true, limit: LARGEST_DELIVERY })).forRoutes(WebhooksController);
  }
}
