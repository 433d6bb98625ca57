/** Characters that mean something to Markdown or to remotes, made plain. */
function plainName(name: string): string {
  return name
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, 100)
    .replace(/[\\`*_{}[\]()<>#+!|~^$&%:/-]/g, String.raw`\$&`)
    .replace(/@/g, '@\u200B');
}

/** Names the author of a copied comment, without a mention: `**Nora Quist** (nora) [wrote](https://...):`. */
export function attribute(author: { name: string; username: string }, url?: string): string {
  const [name, username] = [plainName(author.name) || plainName(author.username), plainName(author.username)];
  const wrote = url === undefined || /[\s<>()]/.test(url) ? 'wrote' : `[wrote](${url})`;
  return `**${name}**${name === username || username === '' ? '' : ` (${username})`} ${wrote}:`;
}
