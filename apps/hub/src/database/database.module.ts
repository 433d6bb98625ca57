import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../config/settings.js';
import { databaseOptions } from './data-source.js';
import { DatabaseOpener } from './database-opener.js';
import { DatabaseState } from './database-state.js';
import { EmbeddedUpkeep } from './embedded-upkeep.js';

/** The data source exists from the start; it is connected by `DatabaseOpener`, perhaps later. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Settings],
      useFactory: (settings: Settings) => ({
        ...databaseOptions(settings.database),
        manualInitialization: true,
        autoLoadEntities: true,
      }),
    }),
  ],
  providers: [DatabaseState, DatabaseOpener, EmbeddedUpkeep],
  exports: [DatabaseState, DatabaseOpener],
})
export class DatabaseModule {}
