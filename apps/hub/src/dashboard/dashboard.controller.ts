import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problems.js';
import { DashboardStats } from './dashboard-stats.js';

class DashboardView {
  @ApiProperty({ type: Object, example: { total: 3, enabled: 2, failing: 0 } })
  connections: { readonly total: number; readonly enabled: number; readonly failing: number };
  @ApiProperty({ type: Object, example: { total: 12_000, last24h: 140 } })
  events: { readonly total: number; readonly last24h: number };
  @ApiProperty({ type: Object, example: { issues: 0 } })
  links: { readonly issues: number };
  @ApiProperty({ type: Object, example: { open: 0 } })
  conflicts: { readonly open: number };
  @ApiProperty({ type: Object, example: { setAside: 0 }, description: 'Items that failed and are tried again.' })
  items: { readonly setAside: number };
  @ApiProperty({ type: Object, example: { last24h: 288, failed24h: 1 } })
  runs: { readonly last24h: number; readonly failed24h: number };
  @ApiProperty({
    type: [Object],
    description:
      'Connections that keep two systems in step. lastSyncedAt: when a run last came to its end, whole or partial.',
  })
  pairs: readonly object[];
  @ApiProperty({ type: [Object], description: 'The latest runs that changed or failed something.' })
  activity: readonly object[];
}

@ApiTags('operations')
@ApiBearerAuth()
@Controller('api/dashboard')
export class DashboardController {
  constructor(private readonly stats: DashboardStats) {}

  @Get('stats')
  @ApiOperation({ summary: 'The numbers of the first page' })
  @ApiOkResponse({ type: DashboardView })
  @ApiProblems(401)
  read(): Promise<DashboardView> {
    return this.stats.read();
  }
}
