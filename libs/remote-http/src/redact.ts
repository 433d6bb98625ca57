const MASK = '[redacted]';

/** Shapes that are secret wherever they appear: token prefixes, credential headers, query values and URL user info. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:glpat|gldt|glptt|glrt|glcbt|glft|glimt|glagent|gloas|glsoat|glffct|glrtr)-[\w.-]{6,}/g, MASK],
  [/\bwhsec_[A-Za-z0-9+/=_-]{6,}/g, MASK],
  [
    /(["']?(?:private-token|job-token|proxy-authorization|authorization|x-gitlab-token|api-key|set-cookie|cookie)["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\r\n,}]+)/gi,
    `$1${MASK}`,
  ],
  [
    /([?&;](?:private_token|access_token|job_token|refresh_token|client_secret|api[-_]key|token|password)=)[^&#\s"']*/gi,
    `$1${MASK}`,
  ],
  [/(:\/\/)[^\s/@"'<>]+@/g, `$1${MASK}@`],
];

/** Removes what looks like a secret from a text. For texts of foreign origin; use a redactor where the values are known. */
export function redactText(text: string): string {
  let result = text;
  for (const [pattern, replacement] of PATTERNS) result = result.replace(pattern, replacement);
  return result;
}

export type Redactor = (text: string) => string;

/**
 * A function that removes these values, in plain, URL-encoded and Base64 form, and everything that looks like a secret.
 * Values shorter than four characters are left alone: removing them would shred every text without hiding anything.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): Redactor {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret === undefined || secret.length < 4) continue;
    forms.add(secret);
    forms.add(encodeURIComponent(secret));
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(Buffer.from(secret).toString('base64'));
  }
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => {
    let result = text;
    for (const form of longestFirst) result = result.replaceAll(form, MASK);
    return redactText(result);
  };
}
