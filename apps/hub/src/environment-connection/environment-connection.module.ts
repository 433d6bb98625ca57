import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module.js';
import { InstancesModule } from '../instances/instances.module.js';
import { EnvironmentConnection } from './environment-connection.js';
import { KeptRows } from './kept-rows.js';

@Module({ imports: [ConnectionsModule, InstancesModule], providers: [EnvironmentConnection, KeptRows] })
export class EnvironmentConnectionModule {}
