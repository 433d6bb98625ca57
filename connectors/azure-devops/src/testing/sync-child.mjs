// A sync in a process of its own, to be killed: plain Node on the compiled connector. Whatever the sync asks of its host
// goes to the parent, which outlives it.
import { ConnectorError } from '@syncline/connector-sdk';
import { connector } from '../../dist/index.js';

let calls = 0;
const waiting = new Map();

function ask(method, ...args) {
  calls += 1;
  const id = calls;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    process.send({ id, method, args });
  });
}

function sessionOf(task) {
  const now = new Date(task.now);
  const silent = () => undefined;
  return {
    request: task.request,
    signal: new AbortController().signal,
    now: () => now,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    http: (instance) => ({
      request: (request) => {
        const body = request.body === undefined ? undefined : Buffer.from(request.body).toString('base64');
        return ask('http', instance.id, { ...request, body }, body !== undefined);
      },
    }),
    checkpoint: (stream) => ask('checkpoint', stream),
    commit: (stream, records, cursor) => ask('commit', stream, records, cursor),
    versions: async (ids) => new Map(await ask('versions', ids)),
    dueItems: (stream) => ask('dueItems', stream),
    failStream: silent,
    progress: silent,
    links: {
      find: (kind, side, keys) => ask('find', kind, side, keys),
      intend: (links) => ask('intend', links),
      confirm: (links) => ask('confirm', links),
      rebase: (links) => ask('rebase', links),
    },
  };
}

process.on('message', (message) => {
  if (message.id !== undefined) {
    const { id, value, error } = message;
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) caller.resolve(value);
    else caller.reject(new ConnectorError('permanent', error));
    return;
  }
  connector.sync(sessionOf(message), message.config, message.connectionId).then(
    (result) => process.send({ result }, () => process.exit(0)),
    (error) => {
      const { kind, message: text } = ConnectorError.from(error);
      process.send({ failure: { kind, message: text } }, () => process.exit(0));
    },
  );
});
