import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Catalog } from './catalog.js';
import { CatalogController } from './catalog.controller.js';

@Global()
@Module({
  controllers: [CatalogController],
  providers: [
    {
      provide: Catalog,
      inject: [Settings],
      useFactory: (settings: Settings) => Catalog.discover(settings.connectorDirs),
    },
  ],
  exports: [Catalog],
})
export class CatalogModule {}
