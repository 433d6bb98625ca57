import type { IncomingHttpHeaders } from 'node:http';
import { credentialsOf } from '../../git-server/git-request.js';
import type { Reply } from '../../gitlab-simulator/http/reply.js';
import { textReply } from '../../gitlab-simulator/http/reply.js';
import type { PersonalAccessToken } from '../model/identity.js';
import type { AzureWorld } from '../world/azure-world.js';
import { signInPage } from './azure-reply.js';

/** How a token that does not work is answered: it depends on the day, the tenant and the headers. */
export type BadTokenAnswer = 'unauthorized' | 'page' | 'redirect';

/** The secret in the request, whichever way it came. */
export function secretOf(headers: IncomingHttpHeaders): string | undefined {
  const credentials = credentialsOf(headers);
  return credentials?.kind === 'basic' ? credentials.password : credentials?.token;
}

export function tokenOf(world: AzureWorld, headers: IncomingHttpHeaders): PersonalAccessToken | undefined {
  const secret = secretOf(headers);
  return secret === undefined ? undefined : world.findToken(secret);
}

/** The answer to a stranger. With `X-TFS-FedAuthRedirect: Suppress` a client asks to be spared the sign-in page. */
export function refuseStranger(headers: IncomingHttpHeaders, answer: BadTokenAnswer | undefined, site: string): Reply {
  const spared = headers['x-tfs-fedauthredirect'] === 'Suppress';
  switch (answer ?? (spared ? 'unauthorized' : 'page')) {
    case 'unauthorized':
      return textReply('Access Denied: The Personal Access Token used has expired.\n', 401, {
        'WWW-Authenticate':
          'Bearer authorization_uri="https://login.example/", Basic realm="https://tfsprodsu5.example/"',
      });
    case 'redirect':
      return { status: 302, headers: { Location: `${site}/_signin?realm=dev.azure.com` }, body: undefined };
    case 'page':
      return signInPage(203);
  }
}
