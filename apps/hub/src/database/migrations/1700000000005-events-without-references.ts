import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What belongs to an event or a connection goes with it by triggers, a statement at a time. The references that said so before
 * looked up the connection of each event and the event of each status: a quarter of what it costs to store them.
 */
export class EventsWithoutReferences1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

const up = [
  `alter table change_event_transition drop constraint change_event_transition_change_event_id_fkey`,
  `create function change_event_transitions_removed() returns trigger language plpgsql as $$
  begin
    delete from change_event_transition where change_event_id in (select id from removed);
    return null;
  end $$`,
  `create trigger change_event_transitions_removed after delete on change_event referencing old table as removed
    for each statement execute function change_event_transitions_removed()`,
  `create function change_event_transitions_emptied() returns trigger language plpgsql as $$
  begin
    truncate change_event_transition;
    return null;
  end $$`,
  `create trigger change_event_transitions_emptied after truncate on change_event
    for each statement execute function change_event_transitions_emptied()`,

  `alter table change_event drop constraint change_event_connection_id_fkey`,
  `create function connection_events_removed() returns trigger language plpgsql as $$
  begin
    delete from change_event where connection_id in (select id from removed);
    return null;
  end $$`,
  `create trigger connection_events_removed after delete on connection referencing old table as removed
    for each statement execute function connection_events_removed()`,
];

const down = [
  `drop trigger connection_events_removed on connection`,
  `drop function connection_events_removed`,
  `delete from change_event e where not exists (select from connection c where c.id = e.connection_id)`,
  `alter table change_event add constraint change_event_connection_id_fkey
    foreign key (connection_id) references connection on delete cascade`,

  `drop trigger change_event_transitions_emptied on change_event`,
  `drop function change_event_transitions_emptied`,
  `drop trigger change_event_transitions_removed on change_event`,
  `drop function change_event_transitions_removed`,
  `delete from change_event_transition t where not exists (select from change_event e where e.id = t.change_event_id)`,
  `alter table change_event_transition add constraint change_event_transition_change_event_id_fkey
    foreign key (change_event_id) references change_event on delete cascade`,
];
