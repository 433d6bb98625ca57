import { Module } from '@nestjs/common';
import { PairQuestionsModule } from '../links/pair-questions.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { ConflictQueries } from './conflict-queries.js';
import { ConflictRereads } from './conflict-rereads.js';
import { ConflictsController } from './conflicts.controller.js';
import { ConflictsService } from './conflicts.service.js';

@Module({
  imports: [PairQuestionsModule, RunsModule],
  controllers: [ConflictsController],
  providers: [ConflictQueries, ConflictRereads, ConflictsService],
  exports: [ConflictQueries, ConflictsService],
})
export class ConflictsModule {}
