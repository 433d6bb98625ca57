/**
 * The condition that these columns have these values, which only an index that begins with the first column can answer.
 * `columns`: SQL by column in the order of that index, with the column that has few values (a connection) last.
 *
 * Said as plain equalities, any index that begins with the connection would do: for a connection without rows at the last
 * analysis the planner expects none, takes an index that is in the order of time for as good as the unique one, and then
 * reads all the connection has by now for each row that is looked up. Compared as a row, the last column is of use to no
 * index but the one that is meant, which is still entered at exactly one place.
 */
export function exactly(columns: Readonly<Record<string, string>>): string {
  const names = Object.keys(columns);
  const values = Object.values(columns).join(', ');
  const leading = names.slice(0, -1).map((name) => `${name} = ${columns[name]}`);
  return [...leading, `(${names.join(', ')}) between (${values}) and (${values})`].join(' and ');
}
