import { Module } from '@nestjs/common';
import { LinkQueries } from './link-queries.js';
import { LinkStoreModule } from './link-store.module.js';
import { LinksController } from './links.controller.js';
import { LinksService } from './links.service.js';

@Module({
  imports: [LinkStoreModule],
  controllers: [LinksController],
  providers: [LinkQueries, LinksService],
})
export class LinksModule {}
