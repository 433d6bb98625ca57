import { ConnectorError, type Instance } from '@syncline/connector-sdk';

/** A repository at a server, and how to get in. */
export interface GitRemote {
  /** How messages call it: `GitLab`, `Azure DevOps`. */
  readonly name: string;
  /** Without credentials. */
  readonly url: string;
  readonly username: string;
  readonly secret: string;
  readonly proxyUrl?: string;
  /** A file with all certificates to trust, where the instance has one of its own. */
  readonly caFile?: string;
}

/** GitLab serves `<full path>.git` and takes a token as the password of any user. */
export function gitLabRemote(instance: Instance, projectPath: string): GitRemote {
  const path = projectPath.split('/').map(encodeURIComponent).join('/');
  return remote('GitLab', instance, `${cleanBase(instance)}/${path}.git`, 'oauth2');
}

/**
 * Azure DevOps serves `<organisation or collection>/<project>/_git/<repository>`; ids are accepted as well as names, and
 * survive renames. The user name does not matter.
 */
export function azureRemote(instance: Instance, project: string, repository: string): GitRemote {
  const path = `${encodeURIComponent(project)}/_git/${encodeURIComponent(repository)}`;
  return remote('Azure DevOps', instance, `${cleanBase(instance)}/${path}`, '');
}

function remote(name: string, { credentials, proxyUrl }: Instance, url: string, username: string): GitRemote {
  const secret = credentials.token ?? credentials.password ?? '';
  return { name, url, username, secret, ...(proxyUrl === undefined ? {} : { proxyUrl }) };
}

/** The base URL without what must not be there: user info, query, a trailing slash. */
function cleanBase({ baseUrl }: Instance): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch (cause) {
    throw new ConnectorError('config', 'The base URL of an instance is not a URL.', { cause });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new ConnectorError('config', `git over ${url.protocol}// is refused; use https.`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
