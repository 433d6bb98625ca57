import type { GitAccess, GitRefusal } from '../git-server/git-http.js';
import type { GitRequest } from '../git-server/git-request.js';
import { readsCode, writesCode } from './http/azure-call.js';
import type { AzureRepository } from './model/repository.js';
import type { AzureWorld } from './world/azure-world.js';
import { decidePush, serverRefs } from './world/push-rules.js';

/** Who may fetch and push where, by Azure's rules: `/<collection>/<project>/_git/<repository>`. */
export function azureGitAccess(
  world: AzureWorld,
  virtualDirectory: string,
  request: GitRequest,
): GitAccess | GitRefusal {
  const { credentials, repositoryPath, service } = request;
  const secret = credentials?.kind === 'basic' ? credentials.password : credentials?.token;
  const token = secret === undefined ? undefined : world.findToken(secret);
  if (token === undefined) return stranger;
  const isPush = service === 'git-receive-pack';
  const wanted = isPush ? writesCode : readsCode;
  if (!wanted.some((scope) => token.scopes.includes(scope))) return stranger;
  const repository = findByPath(world, virtualDirectory, repositoryPath);
  const { user } = token;
  const name = repositoryPath.split('/').at(-1) ?? '';
  if (repository === undefined || !user.permissions.has('read')) {
    return {
      status: 404,
      body: `TF401019: The Git repository with name or identifier ${name} does not exist or you do not have permissions for the operation you are attempting.\n`,
    };
  }
  if (repository.isDisabled) return { status: 403, body: `VS403403: The repository ${name} is disabled.\n` };
  const { largestPush } = repository;
  const megabytes = Math.round(largestPush / 1024 ** 2);
  const message = `TF402462: The push was rejected because its size is greater than the ${megabytes} MB limit for pushes in this repository.`;
  return {
    repository: repository.git,
    user: user.displayName,
    hiddenRefs: isPush ? serverRefs : [],
    largestPush: { bytes: largestPush, message },
    decide: (updates, refs) => decidePush(repository, user, updates, refs),
  };
}

const stranger: GitRefusal = {
  status: 401,
  headers: { 'WWW-Authenticate': 'Basic realm="https://dev.azure.example/"' },
  body: 'Access Denied: the credentials are missing or do not work.\n',
};

/** The default repository of a project may be named without its project. */
function findByPath(world: AzureWorld, virtualDirectory: string, path: string): AzureRepository | undefined {
  const below = path.startsWith(`${virtualDirectory}/`) ? path.slice(virtualDirectory.length) : path;
  const segments = below.split('/').filter((part) => part !== '');
  const [collection = '', project = ''] = segments;
  const isShort = project === '_git';
  const name = segments[isShort ? 2 : 3];
  if (name === undefined || segments[isShort ? 1 : 2] !== '_git' || segments.length !== (isShort ? 3 : 4))
    return undefined;
  const owner = world.findProject(collection, isShort ? name : project);
  return owner === undefined ? undefined : world.findRepository(collection, name, owner);
}
