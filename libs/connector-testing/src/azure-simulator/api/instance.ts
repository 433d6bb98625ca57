import { jsonReply } from '../../gitlab-simulator/http/reply.js';
import type { AzureCall, AzureLocation } from '../http/azure-call.js';
import { collectionReply, noSuchProject } from '../http/azure-reply.js';
import { gitPermissionBits, type GitPermission } from '../model/identity.js';
import { projectShape } from './shapes.js';

/** Areas of the interface that lie on the organisation's own address. */
const areas = {
  git: '4e080c62-fa21-4fbc-8fef-2a10a2b38049',
  build: '965220d5-5bb9-42cf-8d67-9b146df2a5a4',
  core: '79134c72-4a58-4b42-976c-04e7115f32bf',
  policy: 'fb13a388-40dd-4a04-b530-013a739c72ef',
  pipelines: '5264459e-e5e0-4bd8-b118-0985e68a4ec5',
};

/** The security namespace "Git Repositories". */
const gitNamespace = '2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87';

function connectionData(call: AzureCall) {
  const { user } = call.token;
  const person = {
    id: user.id,
    providerDisplayName: user.displayName,
    isActive: true,
    subjectDescriptor: `aad.${user.id}`,
  };
  return jsonReply({
    authenticatedUser: person,
    authorizedUser: person,
    instanceId: '8c8c7d32-6b1b-47f4-b2e9-30b477b5ab3d',
    deploymentType: call.site.layout === 'server' ? 'onPremises' : 'hosted',
    locationServiceData: {
      serviceOwner: '00025394-6065-48ca-87d9-7f5672854ef7',
      defaultAccessMappingMoniker: 'Public',
    },
  });
}

/** A server keeps everything at one address and says so with an absent list. */
function resourceAreas(call: AzureCall) {
  if (call.site.layout === 'server') return jsonReply({ count: 0, value: null });
  const all = Object.entries(areas).map(([name, id]) => ({ id, name, locationUrl: `${call.base}/` }));
  return collectionReply(all);
}

/** Whether the caller has all bits of a mask, for each of the tokens (places) it names. */
function permissions(call: AzureCall) {
  const mask = call.number('permissions');
  const tokens = (call.query.get('tokens') ?? '').split(',');
  const owned = call.token.user.permissions;
  const bits = (Object.keys(gitPermissionBits) as GitPermission[])
    .filter((permission) => owned.has(permission))
    .reduce((all, permission) => all | gitPermissionBits[permission], 0);
  const known = call.part('securityNamespaceId') === gitNamespace;
  return collectionReply(tokens.map(() => known && (bits & mask) === mask));
}

function project(call: AzureCall) {
  const name = call.part('projectId');
  const all = call.world.collections.get(call.collection) ?? [];
  if (name === undefined) return collectionReply(all.map((one) => projectShape(call, one)));
  const found = call.world.findProject(call.collection, name);
  if (found === undefined) throw noSuchProject(name);
  return jsonReply(projectShape(call, found));
}

export const instanceLocations: readonly AzureLocation[] = [
  {
    id: '00d9565f-ed9c-4a06-9a50-00e7896ccab4',
    area: 'Location',
    resourceName: 'ConnectionData',
    routeTemplate: '_apis/{resource}',
    resourceVersion: 1,
    routes: [{ method: 'GET', scopes: [], handler: connectionData }],
  },
  {
    id: 'e81700f7-3be2-46de-8624-2eb35882fcaa',
    area: 'Location',
    resourceName: 'ResourceAreas',
    routeTemplate: '_apis/{resource}/{areaId}',
    resourceVersion: 1,
    routes: [{ method: 'GET', scopes: [], handler: resourceAreas }],
  },
  {
    id: 'dd3b8bd6-c7fc-4cbd-929a-933d9c011c9d',
    area: 'Security',
    resourceName: 'Permissions',
    routeTemplate: '_apis/{resource}/{securityNamespaceId}/{permissions}',
    resourceVersion: 2,
    routes: [{ method: 'GET', scopes: [], handler: permissions }],
  },
  {
    id: '603fe2ac-9723-48b9-88ad-09305aa6c6e1',
    area: 'core',
    resourceName: 'projects',
    routeTemplate: '_apis/{resource}/{*projectId}',
    resourceVersion: 4,
    routes: [
      { method: 'GET', scopes: ['vso.project', 'vso.code', 'vso.code_write', 'vso.code_manage'], handler: project },
    ],
  },
];
