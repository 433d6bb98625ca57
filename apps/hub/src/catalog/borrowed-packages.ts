import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installationRoot } from '../config/settings.js';

/**
 * Lets connectors that lie outside of the installation use what is installed with the hub, without a `node_modules` of
 * their own: the contract and our libraries always from here (an error of another copy's class would not be known as
 * one), everything else where they bring none themselves. For `import`; what a CommonJS module requires it must bring.
 *
 * For the whole process, once, before the first connector is loaded. Does nothing where all connectors lie inside.
 */
export function lendPackages(connectorDirs: readonly string[]): void {
  const ownConnectors = join(installationRoot, 'connectors');
  if (connectorDirs.every((folder) => folder === ownConnectors)) return;
  const root = pathToFileURL(`${installationRoot}/`).href;
  register(new URL('./borrowed-packages-hook.js', import.meta.url), { data: { root, lender: import.meta.url } });
}
