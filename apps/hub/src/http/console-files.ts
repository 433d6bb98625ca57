import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/** First steps of a path that belong to the API: what is missing there is a 404, not the console. */
const API = /^\/(api|webhooks?|sync|docs|docs-json|docs-yaml|redoc|health|metrics)(\/|$)/i;

/** The console's files; every other address that is not the API's is one of its screens. */
export function consoleFiles(folder: string): RequestHandler {
  const router = Router();
  // No redirects to folders: there is nothing to see in them, and `..%2f` would lead anywhere to one.
  const files = (path: string, options: Parameters<typeof express.static>[1]): RequestHandler =>
    express.static(path, { ...options, index: false, redirect: false });
  router.use('/assets', files(join(folder, 'assets'), { immutable: true, maxAge: '1y' }));
  router.use(files(folder, { maxAge: '1h' }));
  router.use((request, response, next) => {
    if (!['GET', 'HEAD'].includes(request.method) || API.test(request.path)) return next();
    // A missing script must not be answered with a page.
    if (request.path.startsWith('/assets/') || !request.accepts('html')) return next();
    response.setHeader('cache-control', 'no-cache');
    const index = join(folder, 'index.html');
    if (existsSync(index)) response.sendFile(index);
    else response.status(503).type('html').send(notBuilt);
  });
  return router;
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Syncline</title>
<body style="font: 16px/1.5 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>The console is not built</h1>
<p>The hub runs and its API answers, but the files of this page are missing. Run <code>npm run build</code> in the
folder of Syncline and reload. The API is described at <a href="/docs">/docs</a>.</p>
</body>
</html>
`;
