import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { jwtVerify, SignJWT } from 'jose';
import { Settings } from '../config/settings.js';
import { SecretBox } from '../secrets/secret-box.js';
import { ApiTokens, type KnownToken } from './api-tokens.js';
import { ConsoleSessions, SESSION_LIFETIME_S } from './console-sessions.js';

const COOKIE = 'syncline_session';
/** A session in use is renewed when it is older than this. */
const RENEW_AFTER_S = 600;

interface SessionClaims {
  readonly sessionId: string;
  readonly tokenId: string;
  readonly mark: string;
  readonly renewable: boolean;
}

/** A session that lives, and the token it was opened with. */
export interface OpenSession {
  readonly id: string;
  readonly token: KnownToken;
  readonly renewable: boolean;
}

/** The console's session: a signed cookie that scripts cannot read and other sites cannot send. 12 h, sliding. */
@Injectable()
export class SessionCookies {
  constructor(
    private readonly box: SecretBox,
    private readonly settings: Settings,
    private readonly tokens: ApiTokens,
    private readonly sessions: ConsoleSessions,
  ) {}

  async open(request: Request, response: Response, token: KnownToken): Promise<void> {
    await this.issue(request, response, await this.sessions.begin(token.id), token);
  }

  /** Undefined without a cookie, and where its session has ended or its token was revoked or replaced. */
  async find(request: Request): Promise<OpenSession | undefined> {
    const claims = await this.read(request);
    if (claims === undefined) return undefined;
    const { sessionId, tokenId, mark, renewable } = claims;
    const isAlive = await this.sessions.isAlive(sessionId, tokenId);
    const token = isAlive ? await this.tokens.find(tokenId, mark) : undefined;
    return token && { id: sessionId, token, renewable };
  }

  async renew(request: Request, response: Response, { id, token }: OpenSession): Promise<void> {
    if (await this.sessions.extend(id)) await this.issue(request, response, id, token);
  }

  /** The session ends wherever its cookie is, also for one that was copied. */
  async end(request: Request, response: Response): Promise<void> {
    const claims = await this.read(request);
    if (claims !== undefined) await this.sessions.end(claims.sessionId);
    response.clearCookie(COOKIE, this.attributes(request));
  }

  private async issue(request: Request, response: Response, sessionId: string, token: KnownToken): Promise<void> {
    const jwt = await new SignJWT({ mark: token.mark })
      .setProtectedHeader({ alg: 'HS256' })
      .setJti(sessionId)
      .setSubject(token.id)
      .setIssuedAt()
      .setExpirationTime(`${SESSION_LIFETIME_S}s`)
      .sign(this.key);
    response.cookie(COOKIE, jwt, { ...this.attributes(request), maxAge: SESSION_LIFETIME_S * 1_000 });
  }

  /** Undefined without a cookie, and for one that is forged, too old or of another key. */
  private async read(request: Request): Promise<SessionClaims | undefined> {
    const jwt = cookieOf(request.headers.cookie, COOKIE);
    if (jwt === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(jwt, this.key, { algorithms: ['HS256'] });
      const { jti, sub, mark, iat } = payload;
      if (typeof jti !== 'string' || typeof sub !== 'string' || typeof mark !== 'string') return undefined;
      const age = Date.now() / 1_000 - (iat ?? 0);
      return { sessionId: jti, tokenId: sub, mark, renewable: age > RENEW_AFTER_S };
    } catch {
      return undefined;
    }
  }

  private get key(): Uint8Array {
    return this.box.derive('session cookie');
  }

  private attributes(request: Request) {
    const secure = request.secure || this.settings.publicUrl?.startsWith('https:') === true;
    return { httpOnly: true, sameSite: 'strict' as const, secure, path: '/' };
  }
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}
