import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InstanceEntity } from './instance.entity.js';
import { InstanceStore } from './instance-store.js';

/** Below the runs, which need instances; the instances' API is above them. */
@Global()
@Module({ imports: [TypeOrmModule.forFeature([InstanceEntity])], providers: [InstanceStore], exports: [InstanceStore] })
export class InstanceStoreModule {}
