import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes for looking up single rows begin with what tells rows apart: beside others that begin with the connection too,
 * the planner takes the wrong one for connections that had no rows at the last analysis. Each index is built once; a
 * million events take some seconds.
 */
export class LookupsByKey1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

const up = [
  `create unique index change_event_identity on change_event (event_id, connection_id)`,
  `alter table change_event drop constraint change_event_connection_id_event_id_key`,

  `create unique index webhook_delivery_once on webhook_delivery (dedup_key, connection_id)`,
  `alter table webhook_delivery drop constraint webhook_delivery_connection_id_dedup_key_key`,

  `drop index link_find_left`,
  `create index link_find_left on link (left_key, left_project, kind, connection_id) where left_key is not null`,
  `drop index link_find_right`,
  `create index link_find_right on link (right_key, right_project, kind, connection_id) where right_key is not null`,
  `drop index link_origin`,
  `create index link_origin on link (origin_key, place_key) where origin_key is not null`,
  `drop index link_copy_at`,
  `create index link_copy_at on link (copy_key, place_key) where origin_key is not null and copy_key is not null`,

  // What refers to a link is looked for whenever one is deleted.
  `create index conflict_by_link on conflict (link_id)`,
];

const down = [
  `drop index conflict_by_link`,

  `drop index link_copy_at`,
  `create index link_copy_at on link (place_key, copy_key) where origin_key is not null and copy_key is not null`,
  `drop index link_origin`,
  `create index link_origin on link (place_key, origin_key) where origin_key is not null`,
  `drop index link_find_right`,
  `create index link_find_right on link (connection_id, kind, right_project, right_key) where right_key is not null`,
  `drop index link_find_left`,
  `create index link_find_left on link (connection_id, kind, left_project, left_key) where left_key is not null`,

  `alter table webhook_delivery
    add constraint webhook_delivery_connection_id_dedup_key_key unique (connection_id, dedup_key)`,
  `drop index webhook_delivery_once`,

  `alter table change_event add constraint change_event_connection_id_event_id_key unique (connection_id, event_id)`,
  `drop index change_event_identity`,
];
