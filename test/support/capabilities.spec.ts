import { expect, it } from '@jest/globals';
import { describeWithOpenSsl } from './capabilities.js';
import { findChromium, findDatabaseUrl, isCompleteRun } from './detect.mjs';

it('takes a browser path that does not exist for no browser', () => {
  expect(findChromium({ CHROMIUM_PATH: '/nonexistent/chromium' })).toBeUndefined();
  expect(findChromium({ CHROMIUM_PATH: process.execPath })).toBe(process.execPath);
});

it('takes an empty database URL for none', () => {
  expect(findDatabaseUrl({ TEST_DATABASE_URL: '' })).toBeUndefined();
  expect(isCompleteRun({ SYNCLINE_TEST_COMPLETE: '0' })).toBe(false);
});

describeWithOpenSsl('a test that needs a tool', (openssl) => {
  it('gets the tool', () => {
    expect(openssl).toBe('openssl');
  });
});
