import type { Reply } from '../../gitlab-simulator/http/reply.js';
import type { AzureScope, PersonalAccessToken } from '../model/identity.js';
import type { AzureProject, AzureRepository } from '../model/repository.js';
import type { AzureWorld } from '../world/azure-world.js';
import { noSuchProject, noSuchRepository, azureError } from './azure-reply.js';

/** Where the instance is and which kind it is. */
export interface AzureSite {
  /** Scheme, host and virtual directory. */
  readonly url: string;
  readonly layout: 'services' | 'server';
  readonly world: AzureWorld;
  /** The newest version of the interface that this instance speaks, e.g. `7.2` or `6.0`. */
  readonly apiVersion: string;
}

/** One authenticated request on its way through a handler. */
export class AzureCall {
  constructor(
    readonly site: AzureSite,
    readonly collection: string,
    readonly token: PersonalAccessToken,
    private readonly parts: Readonly<Record<string, string>>,
    readonly query: URLSearchParams,
    readonly body: unknown,
  ) {}

  get world(): AzureWorld {
    return this.site.world;
  }

  get base(): string {
    return `${this.site.url}/${encodeURIComponent(this.collection)}`;
  }

  part(name: string): string | undefined {
    return this.parts[name];
  }

  number(name: string): number {
    return Number(this.parts[name]);
  }

  project(): AzureProject {
    const name = this.parts['project'] ?? '';
    const project = this.world.findProject(this.collection, name);
    if (project === undefined) throw noSuchProject(name);
    return project;
  }

  /** Repositories by id are found without their project. */
  repository(): AzureRepository {
    const name = this.parts['repositoryId'] ?? '';
    const project = this.parts['project'] === undefined ? undefined : this.project();
    const repository = this.world.findRepository(this.collection, name, project);
    if (repository === undefined) throw noSuchRepository(name);
    return repository;
  }

  /** The body as an object. */
  fields(): Readonly<Record<string, unknown>> {
    if (typeof this.body !== 'object' || this.body === null || Array.isArray(this.body)) {
      throw azureError(400, 'VssPropertyValidationException', 'TF400898: the body of the request is not readable.');
    }
    return { ...this.body };
  }
}

export interface AzureRoute {
  readonly method: string;
  /** Any of these is enough; none: any token. */
  readonly scopes: readonly AzureScope[];
  readonly handler: (call: AzureCall) => Reply | Promise<Reply>;
}

/** A place of the interface, as `OPTIONS` tells of it, and what can be done there. */
export interface AzureLocation {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  readonly resourceVersion: number;
  readonly routes: readonly AzureRoute[];
}

export const readsCode: readonly AzureScope[] = ['vso.code', 'vso.code_write', 'vso.code_manage'];
export const writesCode: readonly AzureScope[] = ['vso.code_write', 'vso.code_manage'];
export const readsBuilds: readonly AzureScope[] = ['vso.build', 'vso.build_execute'];
