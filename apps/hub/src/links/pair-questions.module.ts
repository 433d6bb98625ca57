import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module.js';
import { UserMap } from '../user-mappings/user-map.js';
import { PairQuestions } from './pair-questions.js';

@Module({ imports: [InstancesModule], providers: [PairQuestions, UserMap], exports: [PairQuestions] })
export class PairQuestionsModule {}
