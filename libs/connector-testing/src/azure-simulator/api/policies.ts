import { readsCode, type AzureCall, type AzureLocation } from '../http/azure-call.js';
import { collectionReply } from '../http/azure-reply.js';

/** Policy types by what they demand; the ids are the same on every instance. */
const types = {
  pull_request: { id: 'fa4e907d-c16b-4a4c-9dfa-4906e5d171dd', displayName: 'Minimum number of reviewers' },
  build: { id: '0609b952-1397-4640-95ec-e00a01b2c241', displayName: 'Build' },
};

function readPolicies(call: AzureCall) {
  const value = [...call.project().repositories.values()].flatMap((repository) =>
    repository.policies.flatMap(({ id, branch, kind }) => {
      // A lock is a state of the branch, not a policy.
      if (kind === 'locked') return [];
      const isPrefix = branch.endsWith('/');
      const scope = {
        refName: `refs/heads/${branch}`,
        matchKind: isPrefix ? 'Prefix' : 'Exact',
        repositoryId: repository.id,
      };
      return [
        { id, isEnabled: true, isBlocking: true, isDeleted: false, type: types[kind], settings: { scope: [scope] } },
      ];
    }),
  );
  return collectionReply(value);
}

export const policyLocations: readonly AzureLocation[] = [
  {
    id: 'dad91cbe-d183-45f8-9c6e-9c1164472121',
    area: 'policy',
    resourceName: 'configurations',
    routeTemplate: '{project}/_apis/{area}/{resource}/{configurationId}',
    resourceVersion: 1,
    routes: [{ method: 'GET', scopes: readsCode, handler: readPolicies }],
  },
];
