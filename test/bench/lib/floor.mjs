import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * What the requests of a log take by a bare client with kept connections, in seconds: `justStarted` in a new process, as a hub
 * that was just started, and `atWork` in the same process once more. Answers are read to their end, nothing is parsed.
 */
export async function measureFloor(gitlab, log) {
  const asked = log.filter(({ method, body }) => method === 'GET' || body !== undefined);
  const client = fork(fileURLToPath(new URL('./floor-client.mjs', import.meta.url)));
  const ended = once(client, 'exit').then(([code]) => {
    throw new Error(`The bare client ended with ${code}.`);
  });
  ended.catch(() => {});
  const answered = Promise.race([once(client, 'message'), ended]);
  client.send({ url: gitlab.url, token: gitlab.token, asked });
  const [[justStarted, atWork]] = await answered;
  client.disconnect();
  return { justStarted, atWork };
}
