// Renders metadata.json's schemas as Markdown tables. Pure.

const cell = (text) =>
  String(text ?? '')
    .replaceAll('\n', ' ')
    .replaceAll('|', '\\|');
const code = (value) => `\`${String(value).replaceAll('`', '')}\``;

const table = (header, rows) =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

function typeOf(schema) {
  if (schema['x-instance']) return `id of an instance of kind ${schema['x-instance']}`;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' or ');
  if (schema.type === 'array') {
    const list = `list of ${schema.items ? typeOf(schema.items) : 'values'}`;
    return schema['x-list'] ? `${list}, or one comma-separated string` : list;
  }
  const name = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'any');
  const format = schema.format ? ` (${schema.format})` : '';
  const range = [schema.minimum, schema.maximum];
  const limits = range.some((bound) => bound !== undefined) ? ` ${range[0] ?? ''}..${range[1] ?? ''}` : '';
  return `${name}${format}${limits}${schema['x-secret'] ? ', secret' : ''}`;
}

const isGroup = (schema) => schema.type === 'object' && schema.properties !== undefined;

function configRows(schema, prefix = '') {
  const byOrder = ([, a], [, b]) => (a['x-order'] ?? 1000) - (b['x-order'] ?? 1000);
  return Object.entries(schema.properties ?? {})
    .sort(byOrder)
    .flatMap(([name, property]) => {
      const key = `${prefix}${name}`;
      const required = (schema.required ?? []).includes(name);
      if (isGroup(property)) return configRows(property, `${key}.`);
      const initial =
        property.default === undefined ? (required ? 'required' : '') : code(JSON.stringify(property.default));
      const meaning = [property.description ?? property.title, property['x-help']].filter(Boolean).join(' ');
      return [[code(key), typeOf(property), initial, meaning]];
    });
}

/** One row per config key; groups are flattened with dots. */
export const configTable = (configSchema) => table(['key', 'type', 'default', 'meaning'], configRows(configSchema));

/** One row per event type. */
export const eventTable = (eventTypes) =>
  eventTypes.length === 0
    ? 'This connector emits no change events.'
    : table(
        ['type', 'label', 'metadata'],
        eventTypes.map(({ name, label, fields }) => [
          code(name),
          label,
          fields.map((field) => code(field.name)).join(', '),
        ]),
      );

/** Puts a table between its markers; undefined where a text has none. */
export function replaceBetween(text, name, table) {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) return undefined;
  return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
}
