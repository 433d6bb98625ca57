// Knowledge points inward: apps -> connectors -> libs, and the contract knows nobody. `npm run check` enforces it.
const spec = '\\.spec\\.tsx?$';
/** Code that runs only in tests: specs, and folders of helpers for them. */
const testCode = [spec, '^(apps|libs|connectors)/.*/(testing|test|bench)/', '^test/', '^libs/connector-testing/'];
/** A package by name: installed, or not installed and therefore unresolved. */
const anyPackageOf = (...names) =>
  names.map((name) => `(^|/)node_modules/${name}(/|$)`).concat(names.map((name) => `^${name}(/|$)`));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'sdk-knows-nobody',
      comment: 'The contract is what all others agree on: it changes for no one of them.',
      severity: 'error',
      from: { path: '^libs/connector-sdk/', pathNot: spec },
      to: { path: '^(apps|connectors|libs|test)/', pathNot: '^libs/connector-sdk/' },
    },
    {
      name: 'sdk-needs-no-framework',
      comment: 'Whoever implements the contract must not inherit a framework with it.',
      severity: 'error',
      from: { path: '^libs/connector-sdk/', pathNot: spec },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'libs-know-no-connector-or-app',
      comment: 'A library serves every connector; one that knows its users serves only those.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|connectors)/' },
    },
    {
      name: 'connectors-know-no-app',
      comment: 'A connector runs in the hub, the poller and the tests: it meets them through its session only.',
      severity: 'error',
      from: { path: '^connectors/' },
      to: { path: '^apps/' },
    },
    {
      name: 'connectors-are-strangers',
      comment: 'A connector is a folder that can be dropped in or taken away: what two of them share is a library.',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/' },
      to: { path: '^connectors/', pathNot: '^connectors/$1/' },
    },
    {
      name: 'connectors-see-no-host',
      comment: 'No framework, ORM or SQL in a connector: storing is one call to session.commit.',
      severity: 'error',
      from: { path: '^connectors/', pathNot: spec },
      to: { path: anyPackageOf('@nestjs/[^/]+', 'typeorm', 'pg', 'pg-boss', '@electric-sql/[^/]+') },
    },
    {
      name: 'http-through-the-session',
      comment:
        'Budget, waits and redaction are per host and account: a connector that opens its own client evades them.',
      severity: 'error',
      from: { path: '^connectors/', pathNot: testCode },
      to: { path: ['^libs/remote-http/', ...anyPackageOf('axios', 'undici', 'got', 'node-fetch')] },
    },
    {
      name: 'testing-stays-in-tests',
      comment: 'Simulators and conformance kits have no place in a process that holds credentials.',
      severity: 'error',
      from: { path: '^(apps|libs|connectors)/', pathNot: testCode },
      to: { path: '^(libs/connector-testing|test)/' },
    },
    {
      name: 'hub-discovers-connectors',
      comment: 'The hub lists no connector: it finds metadata.json files, so that a dropped-in folder just works.',
      severity: 'error',
      from: { path: '^apps/hub/', pathNot: testCode },
      to: { path: '^connectors/' },
    },
    {
      name: 'apps-are-strangers',
      comment: 'Apps meet over the API, not over imports; only the poller runs the engine without the API around it.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: ['^apps/$1/', '^apps/hub/src/engine\\.ts$'] },
    },
    {
      name: 'console-owns-its-types',
      comment: 'The console is a client like any other: what it needs is in the public API.',
      severity: 'error',
      from: { path: '^apps/console/' },
      to: { path: '^(libs|connectors|test|apps/(?!console/))' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'An import that resolves to nothing would make every rule above pass.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'A package that is used but not declared works by the luck of hoisting.',
      severity: 'error',
      from: { path: '^(apps|libs|connectors)/', pathNot: testCode },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    // The same condition by which tests resolve our packages: to their sources, so that the rules see real folders.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['syncline-source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.d.mts', '.d.ts', '.json'],
    },
    tsConfig: { fileName: 'tsconfig.check.json' },
  },
};
