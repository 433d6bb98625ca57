import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { HandLinks } from './hand-links.js';
import { LinkFollowUps } from './link-follow-ups.js';
import { LinkQueries } from './link-queries.js';
import { LinkStoreModule } from './link-store.module.js';
import { LinkedItems } from './linked-items.js';
import { LinkRepairController } from './link-repair.controller.js';
import { LinksController } from './links.controller.js';
import { LinksService } from './links.service.js';
import { PairQuestionsModule } from './pair-questions.module.js';

@Module({
  imports: [LinkStoreModule, PairQuestionsModule, RunsModule],
  controllers: [LinkRepairController, LinksController],
  providers: [HandLinks, LinkFollowUps, LinkedItems, LinkQueries, LinksService],
})
export class LinksModule {}
