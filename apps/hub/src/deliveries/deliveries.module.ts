import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveryStore } from './delivery-store.js';
import { WebhookReceiver } from './webhook-receiver.js';
import { deliveryBytes } from './webhook-request.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  imports: [RunsModule],
  controllers: [WebhooksController, DeliveriesController],
  providers: [DeliveryStore, WebhookReceiver],
  exports: [WebhookReceiver],
})
export class DeliveriesModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(deliveryBytes).forRoutes(WebhooksController);
  }
}
