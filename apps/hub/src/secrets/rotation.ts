import type { DataSource, EntityManager } from 'typeorm';
import { pointerTo } from './json-pointer.js';
import { KEY_SETTING } from './key-check.js';
import { isSealed, type SecretBox } from './secret-box.js';

/** Every column that may hold sealed values, and the name of its place. */
const columns = [
  { table: 'instance', column: 'credentials' },
  { table: 'instance', column: 'proxy_url' },
  { table: 'connection', column: 'config' },
] as const;

/** Where a sealed value belongs: authenticated with it. `pointer` is a JSON Pointer into the column. */
export function placeOf(table: 'instance' | 'connection', id: string, column: string, pointer: string): string {
  return `${table}/${id}/${column}${pointer}`;
}

/**
 * Seals everything again with the key that `to` holds, in one transaction together with the fingerprint that hubs
 * compare at start: either all of it is in force, or nothing. Returns how many secrets there were.
 */
export async function reseal(database: DataSource, from: SecretBox, to: SecretBox): Promise<number> {
  return database.transaction(async (manager) => {
    // Hubs that write a secret meanwhile wait; afterwards they find that their key is an old one.
    await manager.query('lock table instance, connection in share row exclusive mode');
    let count = 0;
    for (const { table, column } of columns) count += await resealColumn(manager, table, column, from, to);
    await manager.query(`update hub_setting set value = $2 where key = $1`, [
      KEY_SETTING,
      JSON.stringify(to.currentKeyId),
    ]);
    return count;
  });
}

async function resealColumn(
  manager: EntityManager,
  table: 'instance' | 'connection',
  column: string,
  from: SecretBox,
  to: SecretBox,
): Promise<number> {
  let count = 0;
  const turn = (value: unknown, place: string): unknown => {
    if (isSealed(value)) {
      count++;
      return to.seal(from.open(value, place), place);
    }
    if (Array.isArray(value)) return value.map((item, index) => turn(item, place + pointerTo(String(index))));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, turn(item, place + pointerTo(name))]));
  };
  const rows: { id: string; value: unknown }[] = await manager.query(
    `select id, ${column} as value from ${table} where ${column} is not null`,
  );
  for (const { id, value } of rows) {
    const before = count;
    const turned = turn(value, placeOf(table, id, column, ''));
    if (count > before)
      await manager.query(`update ${table} set ${column} = $2 where id = $1`, [id, JSON.stringify(turned)]);
  }
  return count;
}
