import type { Credentials, Instance } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { Catalog } from '../catalog/catalog.js';
import { type MaskedSecret, maskSecret } from '../secrets/masked.js';
import { placeOf } from '../secrets/rotation.js';
import { type Sealed, SecretBox } from '../secrets/secret-box.js';
import { maskProxyUrl } from './base-url.js';
import { type CredentialName, credentialNames, InstanceEntity } from './instance.entity.js';
import type { CheckView, InstanceView } from './instance-view.js';

const credentialPlace = (id: string, name: string) => placeOf('instance', id, 'credentials', `/${name}`);
const proxyPlace = (id: string) => placeOf('instance', id, 'proxy_url', '');

/** Instances as others see them: in the clear for connectors, masked for people. */
@Injectable()
export class InstanceStore {
  constructor(
    private readonly database: DataSource,
    private readonly box: SecretBox,
    private readonly catalog: Catalog,
  ) {}

  async findAll(ids: readonly string[], manager = this.database.manager): Promise<ReadonlyMap<string, InstanceEntity>> {
    if (ids.length === 0) return new Map();
    const rows = await manager.findBy(InstanceEntity, { id: In([...ids]) });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** With its secrets in the clear: for connectors alone. Throws `SecretUnreadable`. */
  reveal(row: InstanceEntity): Instance {
    return {
      id: row.id,
      kind: row.kind,
      name: row.name,
      baseUrl: row.baseUrl,
      credentials: this.credentialsOf(row),
      ...(row.caCertificate === null ? {} : { caCertificate: row.caCertificate }),
      ...(row.proxyUrl === null ? {} : { proxyUrl: this.box.open(row.proxyUrl, proxyPlace(row.id)) }),
      limits: row.limits,
      ...(row.account === null ? {} : { accountId: row.account.id }),
    };
  }

  /** Throws `SecretUnreadable`, but not for those left out. */
  credentialsOf(row: InstanceEntity, without: readonly string[] = []): Credentials {
    const opened = credentialNames.flatMap((name) => {
      const sealed = without.includes(name) ? undefined : row.credentials[name];
      return sealed ? [[name, this.box.open(sealed, credentialPlace(row.id, name))] as const] : [];
    });
    return Object.fromEntries(opened);
  }

  /** Whether a row holds exactly these; one that cannot be read does not. */
  holds(row: InstanceEntity, credentials: Credentials): boolean {
    if (Object.keys(row.credentials).length !== Object.keys(credentials).length) return false;
    return credentialNames.every((name) => {
      const sealed = row.credentials[name];
      const value = sealed && this.tryOpen(sealed, credentialPlace(row.id, name));
      return value === credentials[name];
    });
  }

  sealCredentials(id: string, credentials: Credentials): InstanceEntity['credentials'] {
    const sealed: Partial<Record<CredentialName, Sealed>> = {};
    for (const name of credentialNames) {
      const value = credentials[name];
      if (value !== undefined) sealed[name] = this.box.seal(value, credentialPlace(id, name));
    }
    return sealed;
  }

  sealProxyUrl(id: string, proxyUrl: string): Sealed {
    return this.box.seal(proxyUrl, proxyPlace(id));
  }

  proxyUrlOf(row: InstanceEntity): string | null {
    return row.proxyUrl === null ? null : this.box.open(row.proxyUrl, proxyPlace(row.id));
  }

  /** Keeps what a check has seen: who we are at the remote, and when the credentials end. */
  async remember(id: string, { account, expiresAt }: CheckView): Promise<void> {
    const news = {
      ...(account ? { account: { id: account.id, username: account.username } } : {}),
      ...(expiresAt ? { expiresAt } : {}),
    };
    if (Object.keys(news).length > 0) await this.database.getRepository(InstanceEntity).update({ id }, news);
  }

  /** What the API shows. A secret that cannot be opened any more still shows that it is there. */
  view(row: InstanceEntity): InstanceView {
    const kind = this.catalog.instanceKinds().get(row.kind);
    const names = new Set([...(kind?.credentials.map(({ name }) => name) ?? []), ...Object.keys(row.credentials)]);
    const isPublic = (name: string) => kind?.credentials.some((known) => known.name === name && known.secret === false);
    const shown = [...names].map((name): readonly [string, MaskedSecret | string] => {
      const sealed = row.credentials[name as CredentialName];
      if (sealed === undefined) return [name, isPublic(name) ? '' : maskSecret(undefined)];
      const value = this.tryOpen(sealed, credentialPlace(row.id, name));
      if (value === undefined) return [name, { set: true }];
      return [name, isPublic(name) ? value : maskSecret(value)];
    });
    const proxyUrl = row.proxyUrl === null ? null : this.tryOpen(row.proxyUrl, proxyPlace(row.id));
    return {
      id: row.id,
      name: row.name,
      kind: row.kind,
      baseUrl: row.baseUrl,
      description: row.description,
      credentials: Object.fromEntries(shown),
      caCertificate: row.caCertificate,
      proxyUrl: proxyUrl === null || proxyUrl === undefined ? null : maskProxyUrl(proxyUrl),
      limits: row.limits,
      expiresAt: row.expiresAt,
      account: row.account,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    };
  }

  /** Which connections name it in their configs. */
  async usedBy(
    id: string,
    manager: EntityManager = this.database.manager,
  ): Promise<readonly { id: string; name: string }[]> {
    return manager.query(
      `select id, name from connection
       where deleted_at is null and jsonb_path_exists(config, '$.** ? (@ == $id)', jsonb_build_object('id', $1::text)) order by name`,
      [id],
    );
  }

  private tryOpen(sealed: Sealed, place: string): string | undefined {
    try {
      return this.box.open(sealed, place);
    } catch {
      return undefined;
    }
  }
}
