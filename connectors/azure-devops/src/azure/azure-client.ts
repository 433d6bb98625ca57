import type { HttpClient, Instance } from '@syncline/connector-sdk';
import { BuildApi } from 'azure-devops-node-api/BuildApi.js';
import type { ClientApiBase } from 'azure-devops-node-api/ClientApiBases.js';
import { CoreApi } from 'azure-devops-node-api/CoreApi.js';
import { GitApi } from 'azure-devops-node-api/GitApi.js';
import { LocationsApi } from 'azure-devops-node-api/LocationsApi.js';
import { PipelinesApi } from 'azure-devops-node-api/PipelinesApi.js';
import { SessionHttpClient } from './session-http.js';

/**
 * The parts of Azure DevOps' REST interface that are used, by azure-devops-node-api over the session's HTTP client. All
 * errors are `ConnectorError`s; nothing is null. Each part asks once, with `OPTIONS`, where its resources are and which
 * versions the server speaks; the address is always the instance's own, on the hosted service as on a server.
 */
export interface AzureClient {
  readonly git: GitApi;
  readonly build: BuildApi;
  readonly pipelines: PipelinesApi;
  readonly core: CoreApi;
  readonly locations: LocationsApi;
  /** For what the library has no method for; paths begin with `/_apis`. */
  readonly http: HttpClient;
  readonly auth: Readonly<Record<string, string>>;
}

export function createAzureClient(http: HttpClient, instance: Pick<Instance, 'baseUrl' | 'credentials'>): AzureClient {
  const auth = { Authorization: `Basic ${Buffer.from(`:${instance.credentials.token ?? ''}`).toString('base64')}` };
  const url = instance.baseUrl.replace(/\/+$/, '');
  const client = new SessionHttpClient(http, auth);
  const ours = <T extends ClientApiBase>(api: T): T => {
    api.rest.client = client;
    api.http = client;
    return api;
  };
  return {
    git: ours(new GitApi(url, [])),
    build: ours(new BuildApi(url, [])),
    pipelines: ours(new PipelinesApi(url, [])),
    core: ours(new CoreApi(url, [])),
    locations: ours(new LocationsApi(url, [])),
    http,
    auth,
  };
}
