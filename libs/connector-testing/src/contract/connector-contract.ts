import { checkCases } from './cases/check-cases.js';
import { discoveryCases } from './cases/discovery-cases.js';
import { hasInstances, interruptionCases } from './cases/interruption-cases.js';
import { metadataCases } from './cases/metadata-cases.js';
import { remoteCases } from './cases/remote-cases.js';
import { secretCases } from './cases/secret-cases.js';
import { syncCases } from './cases/sync-cases.js';
import { webhookCases } from './cases/webhook-cases.js';
import type { ContractCase, ContractFixture } from './fixture.js';

/** Every promise of the contract that applies to this connector, to be run by any test runner. */
export function connectorContractCases<TConfig>(fixture: ContractFixture<TConfig>): readonly ContractCase[] {
  const cases = [
    ...metadataCases(fixture),
    ...(hasInstances(fixture) ? checkCases(fixture) : []),
    ...syncCases(fixture),
    ...interruptionCases(fixture),
    ...(hasInstances(fixture) ? remoteCases(fixture) : []),
    ...secretCases(fixture),
    ...discoveryCases(fixture),
    ...webhookCases(fixture),
  ];
  return cases.map(({ name, run }) => ({ name, run: () => Promise.resolve().then(run) }));
}

/** What the contract needs of a test runner; jest and its kin offer it as globals. */
interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>, timeoutMs?: number): void;
}

/** A case walks a whole sync once for each of its commits. */
const caseTimeoutMs = 120_000;

/**
 * Declares a `describe` block with one test for each promise a connector makes. Call it at the top level of a spec:
 *
 * ```ts
 * connectorContract({
 *   name: 'gitlab-events',
 *   connector,
 *   metadata: readMetadata(new URL('../metadata.json', import.meta.url)),
 *   makeWorld: async (clock) => { const gitLab = await startGitLab(clock); return { config, stop: () => gitLab.stop() }; },
 * });
 * ```
 */
export function connectorContract<TConfig>(fixture: ContractFixture<TConfig>): void {
  // Taken when called: this module is also loaded by programs that run outside a test runner.
  const { describe, it } = globalThis as unknown as TestRunner;
  describe(`the connector contract: ${fixture.name}`, () => {
    for (const { name, run } of connectorContractCases(fixture)) it(name, run, caseTimeoutMs);
  });
}
