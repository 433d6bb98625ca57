import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiProblems } from '../http/api-problems.js';
import { Problem } from '../http/problem.js';
import { pathId } from '../http/query.js';
import { ReceivedView } from './delivery-view.js';
import { WebhookReceiver } from './webhook-receiver.js';

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
    const received = await this.receiver.receive(id, { headers: headersOf(request), rawBody: bodyOf(request) });
    switch (received.outcome) {
      case 'stored':
        return { id: received.id };
      case 'refused':
        throw Problem.unauthorized(received.reason);
      case 'no_webhooks':
        throw Problem.notFound(`webhook for connection ${id}: its connector takes none`);
    }
  }
}

function headersOf(request: Request): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

/** A body parser made bytes of it; a request without a body has none. */
function bodyOf(request: Request): Uint8Array {
  const body: unknown = request.body;
  return body instanceof Uint8Array || Buffer.isBuffer(body) ? body : new Uint8Array();
}
