import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { ItemsController } from './items.controller.js';
import { ItemsService } from './items.service.js';
import { WaitingItems } from './waiting-items.js';

@Module({ imports: [RunsModule], controllers: [ItemsController], providers: [ItemsService, WaitingItems] })
export class ItemsModule {}
