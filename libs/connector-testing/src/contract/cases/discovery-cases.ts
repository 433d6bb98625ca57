import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '@syncline/connector-sdk';
import { Bench } from '../bench.js';
import type { ContractCase, ContractFixture } from '../fixture.js';

/** Choices for a form come in pages and can be searched. */
export function discoveryCases<TConfig>(fixture: ContractFixture<TConfig>): ContractCase[] {
  const { discovery } = fixture.connector;
  if (discovery === undefined) return [];
  return [
    {
      name: 'offers choices for each property that asks for them',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const remote = remoteProperties(bench.metadata.configSchema);
          assert.ok(remote.length > 0, 'no property is marked x-remote');
          for (const property of remote) {
            const { items } = await discovery.discover(bench.host().session(), bench.config, { property });
            for (const { value, label } of items)
              assert.ok(value !== '' && label !== '', `${property}: an empty choice`);
            const values = items.map(({ value }) => value);
            assert.equal(new Set(values).size, values.length, `${property}: a choice occurs twice`);
          }
        }),
    },
    {
      name: 'offers nothing for a text that nothing matches',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const query = { query: 'zz-no-such-thing-zz' };
          const { items } = await discovery.discover(bench.host().session(), bench.config, query);
          assert.deepEqual(items, []);
        }),
    },
  ];
}

/** Names of properties that ask the remote for choices; of one inside another `outer.inner`. */
function remoteProperties(schema: JsonValue | undefined): string[] {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    const inner = remoteProperties(property).map((path) => `${name}.${path}`);
    return isObject(property) && property['x-remote'] === true ? [name, ...inner] : inner;
  });
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
