import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
} from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { DataSource } from 'typeorm';
import { Audit } from '../audit/audit.js';
import { ApiProblems } from '../http/api-problems.js';
import { Problem } from '../http/problem.js';
import { Actor } from './actor.js';
import { ADMIN, ApiTokens, makeToken } from './api-tokens.js';

class NewToken {
  @ApiProperty({ description: 'Who or what uses it; stands in the audit log.', example: 'ci' })
  @Matches(/^[\w.@ -]{1,100}$/, { message: 'must be 1 to 100 letters, digits, spaces or . _ - @' })
  name: string;
}

class CreatedToken {
  @ApiProperty()
  name: string;

  @ApiProperty({ description: 'Shown this once; only its hash is kept.' })
  token: string;
}

class TokenItem {
  @ApiProperty()
  id: string;
  @ApiProperty()
  name: string;
  @ApiProperty({ format: 'date-time' })
  createdAt: Date;
  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  lastUsedAt: Date | null;
}

class TokenList {
  @ApiProperty({ type: [TokenItem] })
  items: readonly TokenItem[];
}

@ApiTags('tokens')
@ApiBearerAuth()
@Controller('api/tokens')
export class TokensController {
  constructor(
    private readonly tokens: ApiTokens,
    private readonly audit: Audit,
    private readonly database: DataSource,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who may use this API' })
  @ApiOkResponse({ type: TokenList })
  @ApiProblems(401)
  async list(): Promise<TokenList> {
    return { items: await this.tokens.list() };
  }

  @Post()
  @ApiOperation({ summary: 'Make a token' })
  @ApiCreatedResponse({ type: CreatedToken })
  @ApiProblems(401, 409, 422)
  async create(@Body() body: NewToken, @Actor() actor: string): Promise<CreatedToken> {
    const token = makeToken();
    await this.database.transaction(async (manager) => {
      const added = await this.tokens.add(body.name, token, manager);
      if (!added) throw Problem.conflict(`There is a token named "${body.name}" already.`);
      await this.audit.record(actor, 'token.create', { kind: 'token', name: body.name }, {}, manager);
    });
    return { name: body.name, token };
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a token and the sessions opened with it' })
  @ApiNoContentResponse({ description: 'It is revoked.' })
  @ApiProblems(401, 404, 409)
  async revoke(@Param('name') name: string, @Actor() actor: string): Promise<void> {
    if (name === ADMIN) throw Problem.conflict("The administrator's token is replaced by SYNCLINE_ADMIN_TOKEN only.");
    await this.database.transaction(async (manager) => {
      if (!(await this.tokens.revoke(name, manager))) throw Problem.notFound(`token named "${name}"`);
      await this.audit.record(actor, 'token.revoke', { kind: 'token', name }, {}, manager);
    });
  }
}
