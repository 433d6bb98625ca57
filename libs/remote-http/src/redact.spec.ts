import { describe, expect, it } from '@jest/globals';
import { createRedactor, redactText } from './redact.js';

describe('redaction', () => {
  it.each([
    ['a token of GitLab', 'token glpat-AbCdEf123456_x is bad', 'AbCdEf123456'],
    ['a deploy token', 'gldt-AbCdEf123456', 'AbCdEf123456'],
    ['a signing token', 'whsec_c2VjcmV0c2VjcmV0', 'c2VjcmV0'],
    ['a credential header', 'PRIVATE-TOKEN: abc123def', 'abc123def'],
    ['a bearer header in JSON', '{"authorization":"Bearer abc.def.ghi","x":1}', 'abc.def.ghi'],
    ['a query value', 'GET /a?private_token=hush&b=1', 'hush'],
    ['a second query value', 'GET /a?b=1&access_token=hush', 'hush'],
    ['user info in a URL', 'http://joe:hush@proxy.example:3128/', 'hush'],
  ])('hides %s', (_what, text, secret) => {
    const result = redactText(text);
    expect(result).not.toContain(secret);
    expect(result).toContain('[redacted]');
  });

  it('leaves harmless text as it is', () => {
    const text =
      'GET /api/v4/projects/7/merge_requests?updated_after=2026-01-01 answered 200 in 3 ms for sam@example.com';
    expect(redactText(text)).toBe(text);
  });

  it('hides known values in plain, URL-encoded, JSON and Base64 form', () => {
    const secret = 'p"ä/ss wörd+';
    const redact = createRedactor([secret, undefined, '']);
    for (const form of [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      Buffer.from(secret).toString('base64'),
    ]) {
      expect(redact(`before ${form} after`)).toMatch(/^before "?\[redacted\]"? after$/);
    }
  });

  it('keeps the other parameters of a URL readable', () => {
    expect(redactText('https://gl.example/a?x=1&private_token=hush&y=2')).toBe(
      'https://gl.example/a?x=1&private_token=[redacted]&y=2',
    );
  });

  it('does not shred texts for values too short to be a secret', () => {
    expect(createRedactor(['a'])('banana')).toBe('banana');
  });
});
