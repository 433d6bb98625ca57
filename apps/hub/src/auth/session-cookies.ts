import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { jwtVerify, SignJWT } from 'jose';
import { Settings } from '../config/settings.js';
import { SecretBox } from '../secrets/secret-box.js';
import type { KnownToken } from './api-tokens.js';

const COOKIE = 'syncline_session';
const LIFETIME_S = 12 * 3_600;
/** A session in use is renewed when it is older than this. */
const RENEW_AFTER_S = 600;

export interface SessionClaims {
  readonly tokenId: string;
  readonly mark: string;
  readonly renewable: boolean;
}

/** The console's session: a signed cookie that scripts cannot read and other sites cannot send. 12 h, sliding. */
@Injectable()
export class SessionCookies {
  constructor(
    private readonly box: SecretBox,
    private readonly settings: Settings,
  ) {}

  async issue(request: Request, response: Response, token: KnownToken): Promise<void> {
    const jwt = await new SignJWT({ mark: token.mark })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(token.id)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_S}s`)
      .sign(this.key);
    response.cookie(COOKIE, jwt, { ...this.attributes(request), maxAge: LIFETIME_S * 1_000 });
  }

  clear(request: Request, response: Response): void {
    response.clearCookie(COOKIE, this.attributes(request));
  }

  /** Undefined without a cookie, and for one that is forged, too old or of another key. */
  async read(request: Request): Promise<SessionClaims | undefined> {
    const jwt = cookieOf(request.headers.cookie, COOKIE);
    if (jwt === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(jwt, this.key, { algorithms: ['HS256'] });
      if (typeof payload.sub !== 'string' || typeof payload['mark'] !== 'string') return undefined;
      const age = Date.now() / 1_000 - (payload.iat ?? 0);
      return { tokenId: payload.sub, mark: payload['mark'], renewable: age > RENEW_AFTER_S };
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
