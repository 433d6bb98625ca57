import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Schema } from '@cfworker/json-schema';
import type { ConnectorMetadata } from '@syncline/connector-sdk';
import { mapInstances } from '../../memory-host/secrets.js';
import { Bench } from '../bench.js';
import type { ContractCase, ContractFixture } from '../fixture.js';
import { capabilityFaults, metadataFaults, schemaFaults } from '../metadata-rules.js';

/** What is known of a connector without running it is true. */
export function metadataCases<TConfig>(fixture: ContractFixture<TConfig>): ContractCase[] {
  return [
    {
      name: 'has a valid metadata.json',
      run: () => {
        assert.deepEqual(metadataFaults(fixture.metadata), []);
        return Promise.resolve();
      },
    },
    {
      name: 'has the ports its metadata.json names, and no others',
      run: () => {
        assert.deepEqual(capabilityFaults(fixture.metadata as ConnectorMetadata, fixture.connector), []);
        return Promise.resolve();
      },
    },
    {
      name: 'accepts a config that its own schema accepts',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const stored = mapInstances(bench.world.config, (instance) => instance.id);
          assert.deepEqual(schemaFaults(bench.metadata.configSchema as Schema, JSON.parse(JSON.stringify(stored))), []);
          await bench.goodRun(bench.host());
        }),
    },
  ];
}

/** Reads a connector's metadata.json: `readMetadata(new URL('../metadata.json', import.meta.url))`. */
export function readMetadata(file: URL): unknown {
  return JSON.parse(readFileSync(file, 'utf8')) as unknown;
}
