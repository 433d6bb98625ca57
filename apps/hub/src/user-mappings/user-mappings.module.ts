import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { MappingImport } from './mapping-import.js';
import { MappingRules } from './mapping-rules.js';
import { MappingStore } from './mapping-store.js';
import { MappingSuggestions } from './mapping-suggestions.js';
import { PeopleLookup } from './people-lookup.js';
import { UserMappingsController } from './user-mappings.controller.js';
import { UserMappingsService } from './user-mappings.service.js';

@Module({
  imports: [RunsModule],
  controllers: [UserMappingsController],
  providers: [MappingImport, MappingRules, MappingStore, MappingSuggestions, PeopleLookup, UserMappingsService],
})
export class UserMappingsModule {}
