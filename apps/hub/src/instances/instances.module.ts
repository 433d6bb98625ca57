import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { CheckRunner } from './check-runner.js';
import { InstanceTest } from './instance-test.js';
import { InstancesController } from './instances.controller.js';
import { InstancesService } from './instances.service.js';

@Module({
  imports: [RunsModule],
  controllers: [InstancesController],
  providers: [CheckRunner, InstanceTest, InstancesService],
  exports: [CheckRunner, InstancesService],
})
export class InstancesModule {}
