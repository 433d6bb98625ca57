import type { Command } from 'commander';
import type { Settings } from '../config/settings.js';
import { repairLinks } from './repair-links.js';
import { rotateKey } from './rotate-key.js';
import { openTokenDesk } from './token-desk.js';
import { status } from './status.js';

type Print = (line: string) => void;

/** The commands of `npm run hub --`. Settings are read when a command runs, so that `--help` always works. */
export function registerCommands(program: Command, settings: () => Settings, print: Print): void {
  program
    .command('status')
    .description('tell whether the hub runs, where, and how it is')
    .action(async () => print(await status(settings())));

  program
    .command('rotate-key')
    .description(
      'seal every stored secret with a new key. Embedded: stop the hub first; the new key replaces the one in the data folder. With DATABASE_URL: give the new key as SYNCLINE_NEW_SECRET_KEY (or _FILE), then restart every hub with it as SYNCLINE_SECRET_KEY',
    )
    .action(async () => print(await rotateKey(settings())));

  program
    .command('repair-links')
    .argument('<connection>', 'its name or its id')
    .description(
      'rebuild the links of a connection from the markers in its items, after the database was lost; a running hub does the work',
    )
    .action((connection: string) => repairLinks(settings(), connection, print));

  program
    .command('create-token')
    .argument('<name>', 'who will use it; stands in the audit log')
    .description('make an API token and show it, once')
    .action(async (name: string) => {
      await using desk = await openTokenDesk(settings());
      print(await desk.create(name));
    });

  program
    .command('revoke-token')
    .argument('<name>')
    .description('revoke an API token and the sessions opened with it')
    .action(async (name: string) => {
      await using desk = await openTokenDesk(settings());
      await desk.revoke(name);
      print(`The token "${name}" is revoked.`);
    });

  program
    .command('list-tokens')
    .description('list the API tokens by name')
    .action(async () => {
      await using desk = await openTokenDesk(settings());
      for (const { name, createdAt, lastUsedAt } of await desk.list()) {
        print(`${name}\tmade ${createdAt}\t${lastUsedAt === null ? 'never used' : `used ${lastUsedAt}`}`);
      }
    });
}
