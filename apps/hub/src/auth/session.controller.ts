import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import type { Request, Response } from 'express';
import { Audit } from '../audit/audit.js';
import { ApiProblems } from '../http/api-problems.js';
import { Problem } from '../http/problem.js';
import { Public } from './actor.js';
import { ApiTokens } from './api-tokens.js';
import { refuseForeignChange } from './foreign-changes.js';
import { SessionCookies } from './session-cookies.js';

class LoginBody {
  @ApiProperty({ description: "The administrator's token, or another API token." })
  @IsString()
  token: string;
}

class SessionView {
  @ApiProperty({ description: "The token's name.", example: 'admin' })
  name: string;
}

/** The console logs in here; programs send their token with every request instead. */
@ApiTags('session')
@Controller('api/session')
@Public()
export class SessionController {
  constructor(
    private readonly tokens: ApiTokens,
    private readonly sessions: SessionCookies,
    private readonly audit: Audit,
  ) {}

  @Post()
  @HttpCode(204)
  @ApiOperation({ summary: 'Log in: exchanges a token for an HttpOnly cookie' })
  @ApiNoContentResponse({ description: 'The cookie is set; it lives for 12 hours from its last use.' })
  @ApiProblems(400, 401, 422, 429)
  async login(
    @Body() body: LoginBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const known = await this.tokens.verify(body.token.trim());
    if (known === undefined) throw Problem.unauthorized('This token is unknown or was revoked.');
    await this.sessions.open(request, response, known);
    await this.audit.record(known.name, 'session.open', { kind: 'session' });
  }

  @Get()
  @ApiOperation({ summary: 'Who is logged in' })
  @ApiOkResponse({ type: SessionView })
  @ApiProblems(401)
  async current(@Req() request: Request): Promise<SessionView> {
    const session = await this.sessions.find(request);
    if (session === undefined) throw Problem.unauthorized('Nobody is logged in.');
    return { name: session.token.name };
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Log out: ends the session, also for copies of its cookie' })
  @ApiNoContentResponse({ description: 'The session has ended, and the cookie is gone.' })
  @ApiProblems(403)
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    refuseForeignChange(request);
    await this.sessions.end(request, response);
  }
}
