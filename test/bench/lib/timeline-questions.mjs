import { words } from './timeline-world.mjs';

/** What people ask of a timeline, and how long it may take (ms, p95). `run` draws other values for each run. */
export function timelineQuestions(connections) {
  const pick = (list, run) => list[run % list.length];
  const author = (run) => `user${(run * 37 + 200) % 600}`;
  const project = (run) => `${1_000 + ((run * 13 + 40) % 200)}`;
  const path = (run) => `group${((run * 7) % 200) % 20}/project${(run * 7) % 200}`;
  return [
    ['everything', 50, () => ({})],
    ['everything, oldest first', 50, () => ({ order: 'asc' })],
    ['one connection', 50, (run) => ({ connectionId: pick(connections, run) })],
    ['three connections', 50, (run) => ({ connectionId: [0, 1, 2].map((n) => pick(connections, run + n)) })],
    ['connections by tag', 50, () => ({ tag: 'mobile' })],
    ['one type', 50, (run) => ({ eventType: pick(['release', 'image', 'deployment', 'pipeline'], run) })],
    ['two types', 50, () => ({ eventType: ['release', 'image'] })],
    ['one status', 50, (run) => ({ status: pick(['failed', 'opened', 'running', 'published'], run) })],
    ['type and status', 50, () => ({ eventType: 'deployment', status: 'failed' })],
    ['type and status that never meet', 50, () => ({ eventType: 'commit', status: 'merged' })],
    ['one author', 50, (run) => ({ author: author(run) })],
    ['three authors', 50, (run) => ({ author: [author(run), author(run + 1), author(run + 2)] })],
    ['one project by id', 50, (run) => ({ project: project(run) })],
    ['one project by path', 50, (run) => ({ project: path(run) })],
    ['author and type', 50, (run) => ({ author: author(run), eventType: 'merge_request' })],
    ['author and project', 50, (run) => ({ author: author(run), project: project(run) })],
    ['project, type and status', 50, (run) => ({ project: project(run), eventType: 'pipeline', status: 'failed' })],
    ['author within one week', 50, (run) => ({ author: author(run), from: '2026-05-04', to: '2026-05-11' })],
    ['unique word', 50, (run) => ({ q: `ticket${run * 1_000 + 17}` })],
    ['commit sha, 8 digits', 50, (run) => ({ q: pick(['c4ca4238', 'c81e728d', 'eccbc87e', 'a87ff679'], run) })],
    ['rare word', 50, (run) => ({ q: `topic${3_000 + run}` })],
    ['word that is nowhere', 50, () => ({ q: 'nowhere' })],
    ['occasional word', 200, () => ({ q: words.occasional })],
    ['frequent word', 200, () => ({ q: words.frequent })],
    ['frequent word, oldest first', 200, () => ({ q: words.frequent, order: 'asc' })],
    ['frequent prefix (2 letters)', 200, () => ({ q: words.frequent.slice(0, 2) })],
    ['two frequent words', 200, () => ({ q: `${words.frequent} ${words.common}` })],
    ['frequent and rare word', 200, () => ({ q: `${words.frequent} ${words.rare}` })],
    ['frequent word, rare author', 200, (run) => ({ q: words.frequent, author: author(run) })],
    ['words and type that never meet', undefined, () => ({ q: `${words.frequent} module`, eventType: 'pipeline' })],
  ].map(([name, target, query]) => ({ name, target, query }));
}
