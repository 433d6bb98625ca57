import type { InitializeHook, ResolveHook } from 'node:module';

/** Runs in the thread in which Node resolves imports; `borrowed-packages.ts` says what for. */
interface Lender {
  /** Below it lies the installation; what asks from elsewhere is a connector. */
  readonly root: string;
  /** Asks for packages in the connectors' place. */
  readonly lender: string;
}

let data: Lender | undefined;

export const initialize: InitializeHook<Lender> = (given) => {
  data = given;
};

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const [first, ...others] = askersFor(specifier, context.parentURL);
  let missing: unknown;
  for (const parentURL of [first, ...others]) {
    try {
      return await nextResolve(specifier, { ...context, parentURL });
    } catch (error) {
      // The first asker's complaint names the module that wants it.
      missing ??= error;
      if (!isMissing(error)) throw error;
    }
  }
  throw missing;
};

/** Whose packages are looked at, in order. */
function askersFor(specifier: string, parent: string | undefined): (string | undefined)[] {
  const isPackage = /^(@[^/]+\/)?[a-z0-9][^:]*$/i.test(specifier);
  const isOutside = parent?.startsWith('file:') === true && data !== undefined && !parent.startsWith(data.root);
  if (data === undefined || !isPackage || !isOutside) return [parent];
  return specifier.startsWith('@syncline/') ? [data.lender, parent] : [parent, data.lender];
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
