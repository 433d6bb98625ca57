import { createRequire } from 'node:module';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Express } from 'express';
import { ProblemView } from './api-problems.js';

const description = `Everything the console does, a program can do too.

Send a token as \`Authorization: Bearer <token>\`. Lists are \`{items, nextCursor}\`: pass \`nextCursor\` as \`?cursor=\` for
the next page. Times are ISO 8601 in UTC. Errors are \`application/problem+json\` (RFC 9457); \`errors[].path\` is a JSON
Pointer into the body. PATCH is a JSON merge patch, also inside \`config\`; a secret reads as \`{set, hint}\`, and is kept
when it is absent from a PATCH.`;

/** /docs (Swagger UI), /docs-json, /redoc. */
export function serveOpenApi(app: INestApplication, express: Express, version: string): void {
  let document: OpenAPIObject | undefined;
  const build = (): OpenAPIObject => (document ??= createDocument(app, version));
  SwaggerModule.setup('docs', app, build, { jsonDocumentUrl: 'docs-json', yamlDocumentUrl: 'docs-yaml' });
  const bundle = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');
  express.get('/redoc/redoc.standalone.js', (_request, response) => {
    response.sendFile(bundle, { maxAge: '1d', dotfiles: 'allow' });
  });
  express.get('/redoc', (_request, response) => {
    // Its search runs in a worker made of a blob.
    response.setHeader(
      'content-security-policy',
      "default-src 'self'; script-src 'self'; worker-src blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
    response.type('html').send(redocPage);
  });
}

export function createDocument(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Syncline')
    .setDescription(description)
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .addSecurityRequirements('bearer')
    .build();
  return SwaggerModule.createDocument(app, config, { extraModels: [ProblemView] });
}

const redocPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Syncline API</title>
</head>
<body style="margin: 0">
<redoc spec-url="/docs-json"></redoc>
<script src="/redoc/redoc.standalone.js"></script>
</body>
</html>
`;
