import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { Problem } from '../http/problem.js';
import { Removable } from '../http/validation.js';
import { ManualRuns } from '../runs/manual-runs.js';
import { TriggeredView } from '../runs/sync-request.dto.js';
import { CodeConnections, named, narrow } from './code-connections.js';

class ManualSyncDto {
  @ApiPropertyOptional({ nullable: true, type: String, example: 'main', description: 'A branch, a tag or a sha.' })
  @Removable()
  @IsString()
  @MaxLength(500)
  ref?: string | null;

  @ApiPropertyOptional({ nullable: true, type: String, description: 'In Azure DevOps. Absent: of the same name.' })
  @Removable()
  @IsString()
  @MaxLength(500)
  branch?: string | null;

  @ApiPropertyOptional({ nullable: true, type: String, description: 'A note on the run, never a commit.' })
  @Removable()
  @IsString()
  @MaxLength(2_000)
  message?: string | null;
}

/** For people who come from the GitLab to Azure DevOps Sync Server: its manual sync; here it needs a token. */
@ApiTags('paths of other tools')
@ApiBearerAuth()
@Controller('sync/manual')
export class ManualSyncController {
  constructor(
    private readonly connections: CodeConnections,
    private readonly runs: ManualRuns,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Run the only connection of azure-devops now, as /api/connections/{id}/sync with params.' })
  @ApiAcceptedResponse({ type: TriggeredView })
  @ApiProblems(400, 401, 409, 413, 422)
  async sync(@Body() body: ManualSyncDto, @Actor() actor: string): Promise<TriggeredView> {
    const choices = narrow(await this.connections.all(), ({ enabled }) => enabled);
    const [only] = choices;
    if (only === undefined || choices.length > 1) {
      throw Problem.conflict(
        `${choices.length} connections of azure-devops could be meant: ${named(choices)}. Use POST /api/connections/<id>/sync instead.`,
      );
    }
    const { ref = null, branch = null, message = null } = body;
    // Whole, so that the same request is the same however it was written; another one waits beside it.
    return this.runs.trigger(only.id, { params: { ref, branch, message } }, actor);
  }
}
