import { currentUserEntity, tokenEntity, userEntity } from '../entities/user.js';
import { notFound, jsonReply } from '../http/reply.js';
import type { Router } from '../http/router.js';

/** Who am I, with what, and where. */
export function addInstanceRoutes(router: Router): void {
  router
    .get('/user', (call) => jsonReply(currentUserEntity(call.site, call.user)), { readUser: true })
    .get(
      '/users/:user_id',
      (call) => {
        const user = call.world.users.byId.get(call.numericPart('user_id', 'User'));
        if (user === undefined) throw notFound('User');
        return jsonReply(userEntity(call.site, user));
      },
      { readUser: true },
    )
    .get(
      '/personal_access_tokens/self',
      (call) => {
        if (call.token.kind === 'oauth') throw notFound();
        return jsonReply(tokenEntity(call.token, call.user, !call.token.revoked));
      },
      { readUser: true },
    )
    .get('/version', (call) => jsonReply({ version: call.site.version, revision: 'a1b2c3d4e5f' }), { readUser: true })
    .get(
      '/metadata',
      (call) =>
        jsonReply({
          version: call.site.version,
          revision: 'a1b2c3d4e5f',
          kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
          enterprise: call.site.edition === 'ee',
        }),
      { readUser: true },
    );
}
