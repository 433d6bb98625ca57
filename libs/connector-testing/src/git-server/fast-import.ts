import type { BareRepository } from './bare-repository.js';

export interface NewGitCommit {
  readonly message?: string;
  /** Content by path; `null` removes the file. Default: one file that no other commit has. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly author?: { readonly name: string; readonly email: string };
  readonly at?: Date;
  /** Further parents: shas this commit merges. */
  readonly merges?: readonly string[];
}

/** 2026-01-01T00:00:00Z; commits are a minute apart, so that the same calls give the same shas. */
const firstSecond = 1_767_225_600;
let commitsMade = 0;

export function plainHistory(count: number): NewGitCommit[] {
  return Array.from({ length: count }, () => ({}));
}

/** Writes commits in one go, each the parent of the next, and points the ref at the last. Returns the shas in order. */
export async function writeHistory(
  repository: BareRepository,
  ref: string,
  parent: string | undefined,
  commits: readonly NewGitCommit[],
): Promise<string[]> {
  if (commits.length === 0) return [];
  const script: string[] = [];
  // A branch that is moved elsewhere must forget where it was, or its old tip would become the parent.
  if (parent === undefined) script.push(`reset ${ref}\n\n`);
  commits.forEach((commit, index) => {
    script.push(commitScript(ref, commit, index === 0 ? parent : undefined));
    script.push('get-mark :1\n');
  });
  const output = await repository.git(['fast-import', '--quiet', '--force'], script.join(''));
  return output.split('\n').filter((line) => line !== '');
}

function commitScript(ref: string, commit: NewGitCommit, from: string | undefined): string {
  commitsMade += 1;
  const number = commitsMade;
  const { name, email } = commit.author ?? { name: 'Nora Example', email: 'nora@example.com' };
  const seconds = commit.at === undefined ? firstSecond + number * 60 : Math.floor(commit.at.getTime() / 1000);
  const files = commit.files ?? { [`changes/${number % 50}.txt`]: `Change ${number}\n` };
  const lines = [
    `commit ${ref}`,
    'mark :1',
    `author ${name} <${email}> ${seconds} +0000`,
    `committer ${name} <${email}> ${seconds} +0000`,
    data(commit.message ?? `Change ${number}`),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(commit.merges ?? []).map((sha) => `merge ${sha}`),
    ...Object.entries(files).map(([path, content]) =>
      content === null ? `D ${quoted(path)}` : `M 100644 inline ${quoted(path)}\n${data(content)}`,
    ),
  ];
  return `${lines.join('\n')}\n\n`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
