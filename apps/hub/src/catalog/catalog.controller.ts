import { extname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { Problem } from '../http/problem.js';
import { Catalog } from './catalog.js';
import type { CatalogEntry } from './catalog-entry.js';

class ConnectorView {
  @ApiProperty({ example: 'gitlab-events' })
  id: string;
  @ApiProperty({ enum: ['ok', 'broken'] })
  state: 'ok' | 'broken';
  @ApiProperty({ required: false, description: 'Why it is broken.' })
  reason?: string;
  @ApiProperty({ required: false })
  displayName?: string;
  @ApiProperty({ required: false })
  description?: string;
  @ApiProperty({ required: false, example: '#fc6d26' })
  color?: string;
  @ApiProperty({ required: false, description: 'File name; the picture itself is at /api/connectors/:id/logo.' })
  logo?: string;
  @ApiProperty({ required: false })
  version?: string;
  @ApiProperty({ required: false, type: [String] })
  capabilities?: readonly string[];
  @ApiProperty({
    required: false,
    type: [Object],
    description: 'The kinds of instance it needs, with their credentials.',
  })
  instanceKinds?: readonly object[];
  @ApiProperty({ required: false, type: Object, description: 'JSON Schema 2020-12 of `config`, with `x-` hints.' })
  configSchema?: object;
  @ApiProperty({ required: false, type: [Object], description: 'The change events it makes, and their fields.' })
  eventTypes?: readonly object[];
  @ApiProperty({ required: false })
  defaultIntervalMinutes?: number;
  @ApiProperty({ required: false, description: 'Markdown.' })
  docs?: string;
}

class ConnectorList {
  @ApiProperty({ type: [ConnectorView] })
  items: readonly ConnectorView[];
  @ApiProperty({ nullable: true, type: String })
  nextCursor: null;
}

const contentTypes: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.png': 'image/png' };

@ApiTags('connectors')
@ApiBearerAuth()
@Controller('api/connectors')
export class CatalogController {
  constructor(private readonly catalog: Catalog) {}

  @Get()
  @ApiOperation({ summary: 'What this hub can connect to, broken connectors with their reason' })
  @ApiOkResponse({ type: ConnectorList })
  @ApiProblems(401)
  list(): ConnectorList {
    return { items: this.catalog.entries.map(view), nextCursor: null };
  }

  @Get(':id')
  @ApiOperation({ summary: "One connector: its metadata.json's content and its state" })
  @ApiOkResponse({ type: ConnectorView })
  @ApiProblems(401, 404)
  get(@Param('id') id: string): ConnectorView {
    return view(this.find(id));
  }

  @Get(':id/logo')
  @Public()
  @ApiOperation({ summary: 'Its logo, SVG or PNG', security: [] })
  @ApiOkResponse({ description: 'The picture.', content: { 'image/svg+xml': {}, 'image/png': {} } })
  @ApiProblems(404)
  logo(@Param('id') id: string, @Res() response: Response): void {
    const entry = this.find(id);
    const name = entry.metadata?.logo;
    const type = typeof name === 'string' && /^[\w.-]+$/.test(name) ? contentTypes[extname(name)] : undefined;
    if (type === undefined) throw Problem.notFound(`logo of the connector ${id}`);
    response.setHeader('content-type', type);
    response.setHeader('cache-control', 'public, max-age=3600');
    // A picture is a picture: a script inside it stays dead when somebody opens it by itself.
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.sendFile(join(entry.folder, String(name)), { dotfiles: 'allow', cacheControl: false }, (error) => {
      if (error && !response.headersSent) response.status(404).end();
    });
  }

  private find(id: string): CatalogEntry {
    const entry = this.catalog.find(id);
    if (entry === undefined) throw Problem.notFound(`connector ${id}`);
    return entry;
  }
}

function view(entry: CatalogEntry): ConnectorView {
  const state = entry.state === 'ok' ? { state: entry.state } : { state: entry.state, reason: entry.reason };
  return { ...entry.metadata, id: entry.id, ...state };
}
