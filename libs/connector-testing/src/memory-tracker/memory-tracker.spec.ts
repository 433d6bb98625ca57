import { ConnectorError } from '@syncline/connector-sdk';
import { trackerContract } from '../tracker-contract/index.js';
import { MemoryProject, StepClock } from './memory-project.js';
import { MemoryTracker } from './memory-tracker.js';

trackerContract('in memory', async () => {
  const place = { instanceId: 'i', baseUrl: 'https://m.example', projectId: '1', path: 'acme/web' };
  const project = new MemoryProject({ place, clock: new StepClock(), users: ['hub', 'nora'] });
  let isLost = false;
  return {
    tracker: () =>
      new MemoryTracker(project, {
        account: 'hub',
        pageSize: 3,
        seam: ({ phase, isWrite }) => {
          if (!isLost || phase !== 'after' || !isWrite) return;
          isLost = false;
          throw new ConnectorError('transient', 'The answer was lost.');
        },
      }),
    people: {
      username: 'nora',
      createIssue: async (fields) => project.addIssue('nora', fields).key,
      editIssue: async (key, fields) => void project.editIssue(key, fields),
      deleteIssue: async (key) => project.deleteIssue(key),
      comment: async (key, body) => project.addComment('nora', key, body).id,
    },
    loseNextAnswer: () => {
      isLost = true;
    },
    close: () => Promise.resolve(),
  };
});
