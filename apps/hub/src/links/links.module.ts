import { Module } from '@nestjs/common';
import { LinkQueries } from './link-queries.js';
import { LinkStore } from './link-store.js';
import { LinksController } from './links.controller.js';
import { LinksService } from './links.service.js';

@Module({
  controllers: [LinksController],
  providers: [LinkQueries, LinkStore, LinksService],
  exports: [LinkStore],
})
export class LinksModule {}
