import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../auth/actor.js';
import { version } from '../config/version.js';
import { HealthProbe } from './health-probe.js';

class HealthView {
  @ApiProperty({ enum: ['ok', 'down'] })
  status: 'ok' | 'down';
  @ApiProperty({ enum: ['ok', 'down'] })
  database: 'ok' | 'down';
  @ApiProperty({ enum: ['ok', 'starting', 'down'] })
  queue: 'ok' | 'starting' | 'down';
  @ApiProperty({ example: '0.1.0' })
  version: string;
  @ApiProperty({ required: false, description: 'What is down, for people.' })
  detail?: string;
}

@ApiTags('operations')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly probe: HealthProbe) {}

  @Get()
  @ApiOperation({ summary: 'Whether the hub can do its work; for load balancers and containers', security: [] })
  @ApiOkResponse({ type: HealthView })
  @ApiResponse({ status: 503, type: HealthView, description: 'Something it needs is down, and is named.' })
  async health(@Res({ passthrough: true }) response: Response): Promise<HealthView> {
    const { database, queue } = await this.probe.look();
    response.setHeader('cache-control', 'no-store');
    if (database === 'ok' && queue === 'ok') return { status: 'ok', database, queue, version };
    response.status(503);
    const detail = database === 'down' ? 'The database cannot be reached.' : 'The job queue is not ready.';
    return { status: 'down', database, queue, version, detail };
  }
}
