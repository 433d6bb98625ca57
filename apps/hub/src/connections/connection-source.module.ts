import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InstanceStoreModule } from '../instances/instance-store.module.js';
import { ConnectionConfigs } from './connection-configs.js';
import { ConnectionSource } from './connection-source.js';
import { ConnectionEntity } from './connection.entity.js';
import { StoredConnections } from './stored-connections.js';

/** Below the runs, which need connections; the connections' API is above them. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([ConnectionEntity]), InstanceStoreModule],
  providers: [ConnectionConfigs, { provide: ConnectionSource, useClass: StoredConnections }],
  exports: [ConnectionConfigs, ConnectionSource],
})
export class ConnectionSourceModule {}
