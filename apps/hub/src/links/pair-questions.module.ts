import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module.js';
import { PairQuestions } from './pair-questions.js';

@Module({ imports: [InstancesModule], providers: [PairQuestions], exports: [PairQuestions] })
export class PairQuestionsModule {}
