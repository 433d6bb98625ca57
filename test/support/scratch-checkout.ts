import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scope = '@syncline';

/**
 * A checkout with this one's configuration and packages but no connectors, for tests of tools that write into a
 * checkout. The installed packages are linked, so it costs no time and nothing is written into this one.
 */
export class ScratchCheckout {
  readonly folder = mkdtempSync(join(tmpdir(), 'syncline-checkout-'));

  constructor() {
    for (const name of readdirSync(root)) {
      if (/\.(json|mjs)$|^\.prettier/.test(name)) copyFileSync(join(root, name), join(this.folder, name));
    }
    symlinkSync(join(root, 'libs'), join(this.folder, 'libs'));
    mkdirSync(join(this.folder, 'connectors'));
    this.linkPackages('node_modules', (name) => name !== scope && name !== '.cache');
    mkdirSync(join(this.folder, 'node_modules', scope));
    this.linkPackages(join('node_modules', scope), () => true);
  }

  private linkPackages(below: string, wanted: (name: string) => boolean): void {
    mkdirSync(join(this.folder, below), { recursive: true });
    for (const name of readdirSync(join(root, below)).filter(wanted)) {
      const [from, to] = [join(root, below, name), join(this.folder, below, name)];
      // Stamps and lists are written to: through a link that would be this checkout's own.
      if (statSync(from).isFile()) copyFileSync(from, to);
      else symlinkSync(from, to);
    }
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
