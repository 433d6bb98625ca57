import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiProblems } from '../http/api-problems.js';
import { pathId } from '../http/query.js';
import { ReceivedView } from './delivery-view.js';
import { WebhookReceiver } from './webhook-receiver.js';
import { answerTo, webhookRequest } from './webhook-request.js';

/** Where remotes deliver. Verified by the connector over the raw bytes; no bearer token. */
@ApiTags('webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly receiver: WebhookReceiver) {}

  @Post(':connectionId')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Take a delivery: verified, stored, answered; what it names is read by a run.',
    security: [],
  })
  @ApiAcceptedResponse({ type: ReceivedView })
  @ApiProblems(401, 404, 413)
  async receive(@Param('connectionId') connectionId: string, @Req() request: Request): Promise<ReceivedView> {
    const id = pathId(connectionId, 'connection');
    return answerTo(await this.receiver.receive(id, webhookRequest(request)), id);
  }
}
