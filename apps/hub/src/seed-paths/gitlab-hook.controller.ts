import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Public } from '../auth/actor.js';
import { ReceivedView } from '../deliveries/delivery-view.js';
import { WebhookReceiver } from '../deliveries/webhook-receiver.js';
import { answerTo, webhookRequest } from '../deliveries/webhook-request.js';
import { ApiProblems } from '../http/api-problems.js';
import { GitLabHook } from './gitlab-hook.js';

/** For people who come from the GitLab to Azure DevOps Sync Server: its address for webhooks, on the same intake. */
@ApiTags('paths of other tools')
@Public()
@Controller('webhook/gitlab')
export class GitLabHookController {
  constructor(
    private readonly hook: GitLabHook,
    private readonly receiver: WebhookReceiver,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'As /webhooks/{connectionId}, for the one connection of azure-devops that fits.',
    security: [],
  })
  @ApiAcceptedResponse({ type: ReceivedView })
  @ApiProblems(401, 404, 409, 413)
  async receive(@Req() request: Request): Promise<ReceivedView> {
    const delivery = webhookRequest(request);
    const id = await this.hook.addressee(delivery);
    return answerTo(await this.receiver.receive(id, delivery), id);
  }
}
