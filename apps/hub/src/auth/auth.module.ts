import { Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminToken } from './admin-token.js';
import { ApiToken } from './api-token.entity.js';
import { ApiTokens } from './api-tokens.js';
import { AuthGuard } from './auth.guard.js';
import { ConsoleSessions } from './console-sessions.js';
import { LoginLimit } from './login-limit.js';
import { SessionController } from './session.controller.js';
import { SessionCookies } from './session-cookies.js';
import { TokensController } from './tokens.controller.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([ApiToken])],
  controllers: [SessionController, TokensController],
  providers: [
    ApiTokens,
    AdminToken,
    ConsoleSessions,
    SessionCookies,
    LoginLimit,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [ApiTokens, AdminToken],
})
export class AuthModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(LoginLimit).forRoutes(SessionController);
  }
}
