/**
 * How a field of an event's metadata is shown and what it holds. `seconds` and `bytes` are numbers with that unit,
 * `datetime` is an ISO 8601 UTC string, `url` an absolute http(s) address. Every type also allows null: not known.
 */
export const fieldTypes = [
  'string',
  'number',
  'boolean',
  'datetime',
  'url',
  'seconds',
  'bytes',
  'string[]',
  'object[]',
] as const;

export type FieldType = (typeof fieldTypes)[number];

/** Capabilities a metadata.json may name; the type `Capability` says what they mean. */
const capabilities = ['events', 'discovery', 'webhook', 'plan', 'links', 'conflicts', 'items'];

const text = { type: 'string', minLength: 1 };

const configProperty = {
  type: 'object',
  required: ['title'],
  properties: {
    title: text,
    description: { type: 'string' },
    'x-instance': text,
    'x-secret': { type: 'boolean' },
    'x-list': { type: 'boolean' },
    'x-remote': { type: 'boolean' },
    'x-group': text,
    'x-order': { type: 'number' },
    'x-help': text,
    'x-depends-on': { type: 'object', required: ['property', 'value'], properties: { property: text, value: true } },
  },
  allOf: [
    {
      if: { required: ['x-instance'] },
      then: { required: ['type'], properties: { type: { const: 'string' } } },
    },
    { if: { required: ['x-secret'] }, then: { required: ['type'], properties: { type: { const: 'string' } } } },
    { if: { required: ['x-list'] }, then: { required: ['type'], properties: { type: { const: 'array' } } } },
    {
      if: { required: ['type'], properties: { type: { const: 'object' } } },
      then: { properties: { properties: { additionalProperties: { $ref: '#/$defs/configProperty' } } } },
    },
  ],
};

/**
 * JSON Schema 2020-12 of metadata.json. The host lists a connector that fails it as broken, with the failing path; the
 * conformance kit refuses it. Unknown top-level keys are refused, so that a typo is found where it was made.
 */
export const metadataSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'metadata.json of a connector',
  type: 'object',
  additionalProperties: false,
  required: [
    'id',
    'displayName',
    'description',
    'color',
    'logo',
    'version',
    'capabilities',
    'instanceKinds',
    'configSchema',
    'eventTypes',
    'defaultIntervalMinutes',
    'docs',
  ],
  properties: {
    $schema: { type: 'string' },
    id: { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 },
    displayName: text,
    description: text,
    color: { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' },
    logo: { type: 'string', pattern: '^[A-Za-z0-9._-]+\\.(svg|png)$' },
    version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' },
    entry: text,
    capabilities: { type: 'array', uniqueItems: true, items: { enum: capabilities } },
    instanceKinds: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'displayName', 'credentials', 'baseUrl'],
        properties: {
          kind: { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' },
          displayName: text,
          credentials: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['name', 'label'],
              properties: {
                name: { enum: ['token', 'username', 'password', 'apiKey'] },
                label: text,
                help: text,
                secret: { type: 'boolean' },
                required: { type: 'boolean' },
              },
            },
          },
          baseUrl: {
            type: 'object',
            additionalProperties: false,
            properties: {
              default: { type: 'string', pattern: '^https?://' },
              placeholder: text,
              help: text,
            },
          },
        },
      },
    },
    configSchema: {
      type: 'object',
      required: ['type', 'properties'],
      properties: {
        type: { const: 'object' },
        properties: { type: 'object', additionalProperties: { $ref: '#/$defs/configProperty' } },
      },
    },
    configAliases: { type: 'object', additionalProperties: text },
    eventTypes: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'label', 'fields'],
        properties: {
          name: { type: 'string', pattern: '^[a-z][a-z0-9_]*$' },
          label: text,
          fields: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['name', 'label', 'type'],
              properties: { name: text, label: text, type: { enum: [...fieldTypes] }, help: text },
            },
          },
        },
      },
    },
    defaultIntervalMinutes: { type: 'integer', minimum: 1, maximum: 44640 },
    docs: text,
  },
  $defs: { configProperty },
};
