export function findChromium(env?: NodeJS.ProcessEnv): string | undefined;
export function findRecordings(): string | undefined;
export function findDatabaseUrl(env?: NodeJS.ProcessEnv): string | undefined;
export function findGit(): string | undefined;
export function findLfs(): string | undefined;
export function findOpenSsl(): string | undefined;
export function isCompleteRun(env?: NodeJS.ProcessEnv): boolean;
export function markOf(capability: string): string;
