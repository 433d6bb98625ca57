export { connectorContract, connectorContractCases } from './connector-contract.js';
export { readMetadata } from './cases/metadata-cases.js';
export { FaultProxy, type Fault, type ProxiedRequest } from './fault-proxy.js';
export type { ContractCase, ContractFixture, ContractWorld, WebhookSamples } from './fixture.js';
export { metadataFaults } from './metadata-rules.js';
