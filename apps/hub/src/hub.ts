import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type Express, type RequestHandler } from 'express';
import { AppModule } from './app.module.js';
import { AdminToken } from './auth/admin-token.js';
import { errorCode } from './config/error-code.js';
import { Settings, type SettingsValues } from './config/settings.js';
import { StartError } from './config/start-error.js';
import { version } from './config/version.js';
import { DatabaseOpener } from './database/database-opener.js';
import { DatabaseState } from './database/database-state.js';
import { FolderLock } from './database/folder-lock.js';
import { HealthProbe } from './health/health-probe.js';
import { consoleFiles } from './http/console-files.js';
import { serveOpenApi } from './http/openapi.js';
import { ProblemFilter, sendProblem } from './http/problem.filter.js';
import { requestLog } from './http/request-log.js';
import { securityHeaders } from './http/security-headers.js';
import { databaseDown, toProblem } from './http/to-problem.js';
import { createValidationPipe } from './http/validation.js';
import { wellFormedBody } from './http/well-formed-body.js';
import { workerSurface } from './http/worker-surface.js';
import { createHubLog, type HubLog } from './logging/hub-log.js';
import { NestLogger } from './logging/nest-logger.js';
import { Metrics } from './metrics/metrics.js';

/** Of a JSON body. Webhooks have a limit of their own. */
const BODY_LIMIT = '1mb';

/**
 * Longer than reverse proxies and clients keep an idle connection (60 s): where the hub were the first to close it, a
 * request on its way just then would be lost.
 */
const KEEP_ALIVE_MS = 75_000;

/** A hub that listens. */
export interface RunningHub {
  /** Where it answers on this machine. */
  readonly url: string;
  /** Known once the database is ready, except where only its hash is kept. */
  readonly adminToken: string;
  /** Whether this start made the token: it is shown once. */
  readonly adminTokenIsNew: boolean;
  readonly log: HubLog;
  /** Resolves when the database has been reached and work goes on; rejects when it cannot be used. */
  readonly ready: Promise<void>;
  /** The container, for tests that look inside. */
  readonly app: NestExpressApplication;
  /** Stops taking requests, ends runs at their next page, closes the database. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts a hub and waits until it is healthy: its database ready, its queue worked on. */
export async function createHub(overrides: Partial<SettingsValues> = {}): Promise<RunningHub> {
  const hub = await startHub(new Settings(overrides));
  try {
    await hub.ready;
    const probe = hub.app.get(HealthProbe);
    while ((await probe.look()).queue === 'starting') await wait(20);
    return hub;
  } catch (error) {
    await hub.close();
    throw error;
  }
}

/** Starts a hub that listens at once, whether or not its database answers yet. Throws `StartError`. */
export async function startHub(settings: Settings): Promise<RunningHub> {
  const lock = settings.embedded ? await FolderLock.acquire(settings.dataDir) : undefined;
  const log = createHubLog(settings);
  let app: NestExpressApplication | undefined;
  try {
    app = await createApp(settings, log);
    await app.init();
    const url = await listen(app, settings);
    lock?.publish(url);
    const opener = app.get(DatabaseOpener);
    const opened = opener.open();
    opened.catch(() => undefined);
    return running(app, { url, log, lock, opened, opener });
  } catch (error) {
    await app?.close().catch(() => undefined);
    lock?.release();
    throw error;
  }
}

async function createApp(settings: Settings, log: HubLog): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(settings, log), {
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
    logger: new NestLogger(log),
    ...(settings.tls ? { httpsOptions: settings.tls } : {}),
  });
  const web: Express = app.getHttpAdapter().getInstance();
  web.set('trust proxy', settings.trustProxy);
  web.disable('x-powered-by');
  app.use(requestLog(log, app.get(Metrics)));
  app.use(securityHeaders(settings));
  if (settings.role === 'worker') app.use(workerSurface);
  app.use(untilReady(app.get(DatabaseState)));
  app.use(except(/^\/webhooks?(\/|$)/i, express.json({ limit: BODY_LIMIT })));
  app.use(wellFormedBody);
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter(log));
  serveOpenApi(app, web, version);
  app.use(consoleFiles(settings.consoleDir));
  return app;
}

const except =
  (paths: RegExp, handler: RequestHandler): RequestHandler =>
  (request, response, next) =>
    paths.test(request.path)
      ? next()
      : // Said before the framework rewrites it.
        void handler(request, response, (error?: unknown) => next(error ? (toProblem(error) ?? error) : undefined));

/** Before the first contact with the database there is nothing to answer with. */
const untilReady =
  (state: DatabaseState): RequestHandler =>
  (request, response, next) => {
    const needsDatabase = /^\/(api|webhooks?|sync|metrics)(\/|$)/i.test(request.path) && !/\/logo$/.test(request.path);
    if (state.ready || !needsDatabase) next();
    else sendProblem(response, databaseDown());
  };

async function listen(app: NestExpressApplication, settings: Settings): Promise<string> {
  const { host, port } = settings;
  const server: Server = app.getHttpServer();
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EADDRINUSE') throw new StartError(`Port ${port} on ${host} is in use. Set PORT to another one.`);
    if (code === 'EACCES') throw new StartError(`Port ${port} may not be used by this user. Set PORT above 1023.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartError(`HOST is "${host}", which is no address of this machine. Try 127.0.0.1 or 0.0.0.0.`);
    }
    throw error;
  }
  const address: AddressInfo | string | null = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `${settings.tls ? 'https' : 'http'}://${name}:${actualPort}`;
}

function running(
  app: NestExpressApplication,
  parts: {
    readonly url: string;
    readonly log: HubLog;
    readonly lock: FolderLock | undefined;
    readonly opened: Promise<void>;
    readonly opener: DatabaseOpener;
  },
): RunningHub {
  const admin = app.get(AdminToken);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    parts.opener.abandon();
    // No new requests; those that run end while the engine stops.
    app.getHttpServer().close();
    await parts.opened.catch(() => undefined);
    await app.close();
    parts.lock?.release();
  };
  return {
    url: parts.url,
    log: parts.log,
    app,
    ready: parts.opened,
    get adminToken() {
      return admin.value ?? '';
    },
    get adminTokenIsNew() {
      return admin.isNew;
    },
    close: () => (closing ??= close()),
  };
}
