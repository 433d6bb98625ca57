import { trackerContract } from '../../../connector-testing/src/tracker-contract/index.js';
import { TrackerWorld } from '../../test/tracker-world.js';

trackerContract('GitLab', async () => {
  const acme = await TrackerWorld.start();
  const { gitLab, nora, project, world } = acme;
  const issue = (key: string) => {
    const found = project.issues.byIid.get(Number(key));
    if (found === undefined) throw new Error(`there is no issue ${key}`);
    return found;
  };
  const people = (names: readonly string[]) =>
    [...world.users.byId.values()].filter(({ username }) => names.includes(username));
  return {
    tracker: () => acme.tracker(),
    people: {
      username: 'nora',
      createIssue: async ({ assignees, labels, state, ...fields }) => {
        acme.pass();
        const set = { ...(labels && { labels }), ...(assignees && { assignees: people(assignees) }) };
        const made = world.issues.create(project, { ...fields, ...set, by: nora });
        if (state === 'closed') world.issues.close(made, { by: nora });
        return Promise.resolve(String(made.iid));
      },
      editIssue: async (key, { assignees, ...fields }) => {
        acme.pass();
        world.issues.update(
          issue(key),
          { ...fields, ...(assignees && { assignees: people(assignees) }) },
          { by: nora },
        );
        return Promise.resolve();
      },
      deleteIssue: async (key) => {
        world.issues.delete(issue(key));
        return Promise.resolve();
      },
      comment: async (key, body) => {
        acme.pass();
        return Promise.resolve(String(world.notes.create(issue(key), { body, by: nora }).id));
      },
    },
    loseNextAnswer: () => {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        gitLab.faults.add({ kind: 'bad_gateway_after', match: { method }, times: 1 });
      }
    },
    close: () => gitLab.stop(),
  };
});
