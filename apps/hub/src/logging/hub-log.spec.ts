import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { StartError } from '../config/start-error.js';
import { createHubLog } from './hub-log.js';
import { NestLogger } from './nest-logger.js';

describe('the log', () => {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const log = createHubLog({ logLevel: 'info' }, sink);
  const last = () => JSON.parse(lines.at(-1) ?? '{}');

  it('writes one JSON object a line, with the fields of its children', () => {
    log.child({ runId: '7' }).info({ page: 3 }, 'read a page');
    expect(last()).toMatchObject({
      level: 'info',
      runId: '7',
      page: 3,
      msg: 'read a page',
      time: expect.stringMatching(/Z$/),
    });
    const before = lines.length;
    log.debug('not at this level');
    expect(lines).toHaveLength(before);
  });

  it('leaves to the starter what the starter is told in a sentence', () => {
    const before = lines.length;
    new NestLogger(log).error(new StartError('PORT is in use.'), 'ExceptionHandler');
    expect(lines).toHaveLength(before);
    new NestLogger(log).error(new Error('a bug'), 'ExceptionHandler');
    expect(lines).toHaveLength(before + 1);
  });

  it('says where it cannot be written', () => {
    for (const logFile of ['/proc/none/of/these', '/proc', '/dev/null/x']) {
      expect(() => createHubLog({ logLevel: 'info', logFile })).toThrow(
        new RegExp(`^LOG_FILE is "${logFile}", which cannot be written \\(E[A-Z]+\\)\\.$`),
      );
    }
  });

  it('never holds a secret, wherever it stands', () => {
    const secret = 'glpat-0123456789abcdef';
    const own = `syncline_${'x'.repeat(43)}`;
    log.info(`token ${secret} and ${own}`);
    log.info(
      {
        headers: { authorization: `Bearer ${own}`, Cookie: 'a=b' },
        list: [secret],
        credentials: { token: 'plain-word' },
      },
      'x',
    );
    log.error(
      { err: new Error(`refused https://me:${secret}@host/x?private_token=abc`, { cause: new Error(secret) }) },
      'failed',
    );
    log.child({ url: `https://user:hunter2@host` }).warn('child');
    new NestLogger(log).error(`boom ${secret}`, 'stack', 'Context');
    const all = lines.join('');
    for (const text of [secret, own, 'plain-word', 'a=b', 'hunter2', 'private_token=abc'])
      expect(all).not.toContain(text);
    expect(all).toContain('[redacted]');
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });
});
