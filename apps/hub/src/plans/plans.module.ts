import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { PlansController } from './plans.controller.js';

@Module({ imports: [RunsModule], controllers: [PlansController] })
export class PlansModule {}
