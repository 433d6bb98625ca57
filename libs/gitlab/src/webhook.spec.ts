import { createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeWithRecordings } from '../../../test/support/capabilities.js';
import { parseWebhookTime, verifyGitLabWebhook, webhookDedupKey } from './webhook.js';

const NOW = new Date('2026-02-03T10:11:12Z');
const rawBody = Buffer.from('{"object_kind":"push","ü":1}');
const key = randomBytes(32);
const signingToken = `whsec_${key.toString('base64')}`;

function signed(at = NOW, body: Uint8Array = rawBody, more = ''): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const value = createHmac('sha256', key).update(`msg_1.${timestamp}.`).update(body).digest('base64');
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `${more}v1,${value}` };
}

describe('verifying a webhook', () => {
  it('accepts the secret and refuses a wrong, longer, shorter, empty or missing one', () => {
    const verify = (token: string | undefined) =>
      verifyGitLabWebhook(
        { headers: token === undefined ? {} : { 'x-gitlab-token': token }, rawBody },
        { webhookSecret: 'right-one' },
        NOW,
      );
    expect(verify('right-one')).toEqual({ ok: true, unsigned: false });
    for (const wrong of ['right-onf', 'right-one2', 'r', '', undefined])
      expect(verify(wrong)).toMatchObject({ ok: false });
  });

  it('counts a delivery without any secret to check as unsigned', () => {
    expect(verifyGitLabWebhook({ headers: {}, rawBody }, {}, NOW)).toEqual({ ok: true, unsigned: true });
    expect(verifyGitLabWebhook({ headers: {}, rawBody }, { webhookSecret: '' }, NOW)).toEqual({
      ok: true,
      unsigned: true,
    });
  });

  it('accepts a signature over the raw bytes, also among several', () => {
    expect(verifyGitLabWebhook({ headers: signed(), rawBody }, { signingToken }, NOW)).toEqual({
      ok: true,
      unsigned: false,
    });
    const headers = signed(NOW, rawBody, `v1,${randomBytes(32).toString('base64')} v1a,other `);
    expect(verifyGitLabWebhook({ headers, rawBody }, { signingToken }, NOW)).toEqual({ ok: true, unsigned: false });
  });

  it('refuses another body, another id, another version of signature and nonsense', () => {
    const verify = (headers: Record<string, string>, body: Uint8Array = rawBody) =>
      verifyGitLabWebhook({ headers, rawBody: body }, { signingToken }, NOW);
    expect(verify(signed(), Buffer.from('{}'))).toMatchObject({ ok: false });
    expect(verify({ ...signed(), 'webhook-id': 'msg_2' })).toMatchObject({ ok: false });
    expect(
      verify({ ...signed(), 'webhook-signature': signed()['webhook-signature']?.replace('v1,', 'v2,') ?? '' }),
    ).toMatchObject({ ok: false });
    expect(verify({ ...signed(), 'webhook-signature': 'x' })).toMatchObject({ ok: false });
    expect(verify({ ...signed(), 'webhook-timestamp': 'NaN' })).toMatchObject({ ok: false });
  });

  it('refuses a signature more than five minutes off, in both directions', () => {
    for (const seconds of [-301, 301]) {
      const headers = signed(new Date(NOW.getTime() + seconds * 1000));
      expect(verifyGitLabWebhook({ headers, rawBody }, { signingToken }, NOW)).toMatchObject({ ok: false });
    }
    const headers = signed(new Date(NOW.getTime() - 299_000));
    expect(verifyGitLabWebhook({ headers, rawBody }, { signingToken }, NOW)).toMatchObject({ ok: true });
  });

  it('lets the signature decide where there is one, and the secret only where there is none', () => {
    const both = { signingToken, webhookSecret: 'right-one' };
    const headers = { ...signed(), 'x-gitlab-token': 'right-one' };
    expect(verifyGitLabWebhook({ headers, rawBody: Buffer.from('{}') }, both, NOW)).toMatchObject({ ok: false });
    expect(verifyGitLabWebhook({ headers: { 'x-gitlab-token': 'right-one' }, rawBody }, both, NOW)).toMatchObject({
      ok: true,
    });
    expect(
      verifyGitLabWebhook({ headers: { 'x-gitlab-token': 'right-one' }, rawBody }, { signingToken }, NOW),
    ).toMatchObject({ ok: false });
  });
});

describe('the dedup key', () => {
  it('is the idempotency key, else the id, else a hash of the body, and never the event uuid', () => {
    const uuid = { 'x-gitlab-event-uuid': 'u', 'x-gitlab-webhook-uuid': 'w' };
    expect(webhookDedupKey({ headers: { ...uuid, 'idempotency-key': 'k', 'webhook-id': 'i' }, rawBody })).toBe('key:k');
    expect(webhookDedupKey({ headers: { ...uuid, 'webhook-id': 'i' }, rawBody })).toBe('id:i');
    expect(webhookDedupKey({ headers: uuid, rawBody })).toMatch(/^body:[0-9a-f]{64}$/);
    expect(webhookDedupKey({ headers: {}, rawBody: Buffer.from('{}') })).not.toBe(
      webhookDedupKey({ headers: {}, rawBody }),
    );
  });
});

describe('times in payloads', () => {
  it.each([
    ['2026-02-03 10:11:12 UTC', '2026-02-03T10:11:12.000Z'],
    ['2021-04-28 21:50:00 +0200', '2021-04-28T19:50:00.000Z'],
    ['2026-02-03T10:11:12+02:00', '2026-02-03T08:11:12.000Z'],
    ['2021-02-23T02:41:37.886Z', '2021-02-23T02:41:37.886Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseWebhookTime(text)?.toISOString()).toBe(iso);
  });

  it.each([null, undefined, '', 'soon', 5, '2026-02-03', '2026-02-03 10:11:12'])('%j is none', (value) => {
    expect(parseWebhookTime(value)).toBeUndefined();
  });
});

describeWithRecordings('the times of recorded webhooks', (recordings) => {
  it('are all readable in recorded payloads', () => {
    const folder = join(recordings, 'gitlab-webhooks');
    const unreadable: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value === 'object' && value !== null) {
        for (const [name, inner] of Object.entries(value)) visit(inner, `${path}.${name}`);
      } else if (typeof value === 'string' && /_at$|\.timestamp$/.test(path) && parseWebhookTime(value) === undefined) {
        unreadable.push(`${path}: ${value}`);
      }
    };
    for (const file of readdirSync(folder)) visit(JSON.parse(readFileSync(join(folder, file), 'utf8')), file);
    expect(unreadable).toEqual([]);
  });
});
