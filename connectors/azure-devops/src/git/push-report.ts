/** How one ref of a push ended, by `git push --porcelain`. */
export interface PushedRef {
  readonly target: string;
  readonly status: 'done' | 'stale' | 'refused';
  /** The server's words, where it refused. */
  readonly reason?: string;
}

/** Lines are `<flag>\t<from>:<to>\t<summary> (<reason>)`; what else is printed is for people. */
export function parsePushReport(stdout: string): PushedRef[] {
  const refs: PushedRef[] = [];
  for (const line of stdout.split('\n')) {
    const [flag = '', names = '', summary = ''] = line.split('\t');
    const target = names.slice(names.lastIndexOf(':') + 1);
    if (flag.length !== 1 || !target.startsWith('refs/')) continue;
    if (flag !== '!') {
      refs.push({ target, status: 'done' });
      continue;
    }
    const reason = /\((.*)\)\s*$/s.exec(summary)?.[1] ?? summary.trim();
    const isOurs = summary.startsWith('[rejected]');
    refs.push({ target, status: isOurs ? 'stale' : 'refused', reason });
  }
  return refs;
}

/** The whole pack was refused, and every ref with it. */
export function isPackRefused(refs: readonly PushedRef[]): boolean {
  return refs.length > 0 && refs.every(({ status, reason }) => status === 'refused' && isAboutPack(reason ?? ''));
}

function isAboutPack(reason: string): boolean {
  return /unpacker error|TF402462|maximum (?:allowed )?size|VS403654/i.test(reason);
}

/** Sentences for what people meet most; else the server's own words. */
export function explainRefusal(reason: string): string {
  const found = explanations.find(([pattern]) => pattern.test(reason));
  const words = reason.length > 300 ? `${reason.slice(0, 300)}…` : reason;
  return found === undefined ? `Azure DevOps refused it: ${words}` : `${found[1]} (${words})`;
}

const explanations: readonly (readonly [RegExp, string])[] = [
  [/TF402455.*locked|is locked/i, 'The branch is locked in Azure DevOps'],
  [
    /TF402455|pull request|protected/i,
    'A branch policy allows changes by pull request only; give the account the permission "Bypass policies when pushing"',
  ],
  [/TF402462|maximum (?:allowed )?size|unpacker error/i, 'The push is larger than Azure DevOps takes at once'],
  [/VS403654|secret/i, 'Azure DevOps found secrets in the commits'],
  [/ForcePush/i, 'The account lacks the permission "Force push (rewrite history, delete branches and tags)"'],
  [/CreateBranch/i, 'The account lacks the permission "Create branch"'],
  [/CreateTag/i, 'The account lacks the permission "Create tag"'],
  [/GenericContribute|TF401027/i, 'The account lacks a permission in the repository'],
  [/VS403702|conflict|case/i, 'Azure DevOps has a name that differs in case only, or is a folder of this one'],
];
