import type { Project } from '../../model/project.js';
import type { GraphQlCall } from '../graphql-call.js';
import { commitView } from './commit.js';

export function repositoryView(call: GraphQlCall, project: Project) {
  const { repository, defaultBranch } = project;
  return {
    empty: repository.empty,
    exists: true,
    rootRef: repository.empty ? null : defaultBranch,
    /** A tree of an unknown ref is there, only without a commit. */
    tree: ({ ref }: { ref?: string | null }) => ({
      lastCommit: () => {
        const commit = repository.resolve(ref ?? defaultBranch);
        return commit === undefined ? null : commitView(call, project, commit);
      },
    }),
  };
}
