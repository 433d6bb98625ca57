import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Catalog } from '../catalog/catalog.js';

interface Counts {
  readonly connections: { readonly total: number; readonly enabled: number; readonly failing: number };
  readonly events: { readonly total: number; readonly last24h: number };
  readonly links: { readonly issues: number };
  readonly conflicts: { readonly open: number };
  readonly items: { readonly setAside: number };
  readonly runs: { readonly last24h: number; readonly failed24h: number };
}

interface Pair {
  readonly connectionId: string;
  readonly name: string;
  readonly status: string;
  /** When a run last read both sides to its end, also where it set single items aside. */
  readonly lastSyncedAt: Date | null;
  readonly openConflicts: number;
  readonly setAside: number;
  readonly error?: object;
}

interface Activity {
  readonly at: Date;
  readonly connectionId: string;
  readonly runId: string;
  readonly message: string;
}

/** Counts over everything, for the first page. */
@Injectable()
export class DashboardStats {
  constructor(
    private readonly database: DataSource,
    private readonly catalog: Catalog,
  ) {}

  async read(): Promise<Counts & { pairs: readonly Pair[]; activity: readonly Activity[] }> {
    const rows: { counts: Counts }[] = await this.database.query(countsStatement);
    const counts = rows[0]?.counts;
    if (counts === undefined) throw new Error('the database counted nothing');
    return { ...counts, pairs: await this.pairs(), activity: await this.database.query(activityStatement) };
  }

  private async pairs(): Promise<readonly Pair[]> {
    const connectors = this.catalog.entries.flatMap((entry) =>
      entry.state === 'ok' && entry.metadata.capabilities.includes('links') ? [entry.id] : [],
    );
    const rows: (Omit<Pair, 'error'> & { error: object | null })[] = await this.database.query(pairsStatement, [
      connectors,
    ]);
    return rows.map(({ error, ...pair }) => (error === null ? pair : { ...pair, error }));
  }
}

const countsStatement = `select jsonb_build_object(
  'connections', (select jsonb_build_object('total', count(*), 'enabled', count(*) filter (where enabled),
     'failing', count(*) filter (where enabled and health_state in ('failing', 'needs_attention')))
     from connection where deleted_at is null),
  'events', jsonb_build_object('total', (select count(*) from change_event),
     'last24h', (select count(*) from change_event where occurred_at > now() - interval '24 hours')),
  'links', jsonb_build_object('issues', (select count(*) from link l join connection c on c.id = l.connection_id
     where l.kind = 'issue' and l.state in ('active', 'conflicted') and c.deleted_at is null)),
  'conflicts', jsonb_build_object('open', (select count(*) from conflict f join connection c on c.id = f.connection_id
     where f.state = 'open' and c.deleted_at is null)),
  'items', jsonb_build_object('setAside', (select count(*) from set_aside s join connection c on c.id = s.connection_id
     where c.deleted_at is null)),
  'runs', (select jsonb_build_object('last24h', count(*), 'failed24h', count(*) filter (where status = 'failed'))
     from sync_run where kind = 'sync' and queued_at > now() - interval '24 hours')
) as counts`;

const pairsStatement = `select c.id as "connectionId", c.name, case when c.enabled then c.health_state else 'paused' end as status,
    greatest(c.last_success_at, last_run.finished_at) as "lastSyncedAt",
    case when c.health_state <> 'ok' then c.last_error - 'itemsOnly' end as error,
    (select count(*)::int from conflict f where f.connection_id = c.id and f.state = 'open') as "openConflicts",
    (select count(*)::int from set_aside s where s.connection_id = c.id) as "setAside"
  from connection c
  left join lateral (select r.finished_at from sync_run r
    where r.connection_id = c.id and r.kind = 'sync' and r.status in ('succeeded', 'partial')
    order by r.queued_at desc, r.id desc limit 1) as last_run on true
  where c.deleted_at is null and c.connector_id = any($1) order by c.name`;

/** Runs that found nothing new are no activity. */
const activityStatement = `select r.finished_at as at, r.connection_id as "connectionId", r.id as "runId",
    case when r.status in ('failed', 'partial') then coalesce(r.error->>'message', 'The run ' || r.status || '.')
         else format('%s new, %s updated', coalesce(r.counts->>'created', '0'), coalesce(r.counts->>'updated', '0')) end as message
  from sync_run r
  where r.finished_at is not null and (r.status in ('failed', 'partial')
    or coalesce((r.counts->>'created')::int, 0) + coalesce((r.counts->>'updated')::int, 0) > 0)
  order by r.queued_at desc, r.id desc limit 20`;
