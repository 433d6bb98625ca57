import type { GitRemote } from './git-remote.js';

/** Seconds below a trickle after which a transfer counts as dead. */
const STALLED_SECONDS = 60;

/**
 * The environment of one git process. Nothing of ours is inherited but the search path: what the machine's user has
 * configured, and what a parent's `GIT_*` variables say, must not change what is synced.
 *
 * Credentials come as configuration in the environment, scoped to the remote's own URL: they are in no argument, URL or
 * file, and are not sent to another host. Redirects are not followed at all.
 */
export function gitEnvironment(
  home: string,
  remotes: readonly GitRemote[] = [],
  more: readonly (readonly [string, string])[] = [],
): Record<string, string> {
  const settings: (readonly [string, string])[] = [
    ['safe.directory', '*'],
    ['core.hooksPath', '/dev/null'],
    ['core.askPass', ''],
    ['credential.helper', ''],
    ['http.followRedirects', 'false'],
    ['http.lowSpeedLimit', '1000'],
    ['http.lowSpeedTime', String(STALLED_SECONDS)],
    ['protocol.allow', 'never'],
    ['protocol.version', '2'],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['submodule.recurse', 'false'],
    ['push.recurseSubmodules', 'no'],
    ['push.followTags', 'false'],
    ['push.gpgSign', 'false'],
    ['fetch.writeCommitGraph', 'false'],
    ['lfs.locksverify', 'false'],
    ...more,
  ];
  const protocols = new Set<string>();
  for (const { url, username, secret, proxyUrl, caFile } of remotes) {
    const scope = `http.${url}`;
    const protocol = new URL(url).protocol.replace(':', '');
    protocols.add(protocol);
    settings.push([`protocol.${protocol}.allow`, 'always']);
    if (secret !== '') settings.push([`${scope}.extraHeader`, basicAuth(username, secret)]);
    if (proxyUrl !== undefined) settings.push([`${scope}.proxy`, proxyUrl]);
    // No secret, and git-lfs asks for it by the host alone.
    if (caFile !== undefined) settings.push([`http.${new URL(url).origin}/.sslCAInfo`, caFile]);
  }
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    XDG_CONFIG_HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: [...protocols].join(':') || 'none',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_CONFIG_COUNT: String(settings.length),
  };
  for (const name of ['TMPDIR', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'SystemRoot']) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  settings.forEach(([name, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = name;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

function basicAuth(username: string, secret: string): string {
  return `Authorization: Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
}

/** What must not appear in a message: each secret as it is, as a header carries it, and as a URL would. */
export function scrub(text: string, remotes: readonly GitRemote[]): string {
  let clean = text;
  for (const { username, secret, proxyUrl } of remotes) {
    if (secret.length >= 4) {
      const header = Buffer.from(`${username}:${secret}`).toString('base64');
      for (const form of [header, secret, encodeURIComponent(secret)]) clean = clean.replaceAll(form, '[redacted]');
    }
    if (proxyUrl !== undefined) clean = clean.replaceAll(proxyUrl, '[proxy]');
  }
  return clean.replace(/(https?:\/\/)[^\s/@'"]+@/gi, '$1');
}
