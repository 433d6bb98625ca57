import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScratchCheckout } from './support/scratch-checkout.js';

const generator = fileURLToPath(new URL('../scripts/new-connector.mjs', import.meta.url));
const seconds = 1_000;

interface Lock {
  readonly packages: Readonly<Record<string, { readonly link?: boolean; readonly resolved?: string } | undefined>>;
}

describe('npm run new:connector', () => {
  let checkout: ScratchCheckout;
  const run = (...args: string[]): { status: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: checkout.folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    return { status, output: `${stdout}${stderr}` };
  };
  const generate = (id: string): { status: number | null; output: string } =>
    run(generator, id, '--into', checkout.folder);

  beforeAll(() => {
    checkout = new ScratchCheckout();
    const { status, output } = generate('acme-events');
    expect({ status, output }).toMatchObject({ status: 0 });
  });
  afterAll(() => {
    checkout.remove();
  });

  it(
    'makes a connector that passes the conformance kit as it is',
    () => {
      const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
      const jest = ['node_modules/jest/bin/jest.js', '--json', '--runInBand', '--outputFile=results.json'];
      const { output } = run(...flags, ...jest);
      const results = JSON.parse(readFileSync(checkout.path('results.json'), 'utf8')) as {
        readonly numPassedTests: number;
        readonly success: boolean;
      };
      expect({ ...results, output }).toMatchObject({ success: true });
      expect(results.numPassedTests).toBeGreaterThan(15);
    },
    600 * seconds,
  );

  it(
    'makes code that holds against the strict types',
    () => {
      const compilerOptions = {
        composite: false,
        noEmit: true,
        rootDir: '/',
        tsBuildInfoFile: null,
        customConditions: ['syncline-source'],
      };
      const project = { extends: './tsconfig.base.json', compilerOptions, include: ['connectors/**/*.ts'] };
      writeFileSync(checkout.path('tsconfig.scratch.json'), JSON.stringify(project));
      const { status, output } = run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.scratch.json');
      expect({ status, output: output.trim() }).toEqual({ status: 0, output: '' });
    },
    600 * seconds,
  );

  it('registers it where it is built and installed, so that nothing has to be downloaded', () => {
    const { references } = JSON.parse(readFileSync(checkout.path('tsconfig.json'), 'utf8')) as {
      readonly references: readonly unknown[];
    };
    expect(references).toContainEqual({ path: 'connectors/acme-events' });
    const { packages } = JSON.parse(readFileSync(checkout.path('package-lock.json'), 'utf8')) as Lock;
    expect(packages['connectors/acme-events']).toMatchObject({ name: '@syncline/connector-acme-events' });
    expect(packages['node_modules/@syncline/connector-acme-events']).toEqual({
      resolved: 'connectors/acme-events',
      link: true,
    });
    expect(existsSync(checkout.path('node_modules/@syncline/connector-acme-events/metadata.json'))).toBe(true);
  });

  it.each([
    ['an id that is taken', 'acme-events', 'exists already'],
    ['capitals', 'Acme', 'is not an id'],
    ['a path', '../acme', 'is not an id'],
    ['a hyphen at the end', 'acme-', 'is not an id'],
  ])('refuses %s and says how ids look', (_what, id, reason) => {
    const { status, output } = generate(id);
    expect(status).toBe(2);
    expect(output).toContain(reason);
    expect(output).toContain('lower-case words joined by hyphens');
  });
});
