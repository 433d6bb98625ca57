const zero = '\u200B';

/** Lines that do something where GitLab reads them as text: commands, mentions of all kinds, and references. */
const deeds: readonly string[] = [
  '/close',
  '/assign @sam',
  '/label ~bug',
  '/title Owned',
  '/confidential',
  '/duplicate #1',
  '/spend 3d',
  '@sam please look',
  '@all and @acme and @acme/web',
  '&#64;sam &#x40;sam &commat;sam',
  'Closes #1, fixes #2 and resolves acme/target#3, target#1 &#35;1 &#x23;2 &num;3',
  'Implements https://gitlab.example/acme/target/-/issues/1',
];

/** Constructs of Markdown and of line ends around a line, each in a way in which some reader takes it for text. */
const places: readonly ((deed: string) => string)[] = [
  (deed) => deed,
  (deed) => `before\n${deed}\nafter`,
  (deed) => `before\r\n${deed}\r\nafter`,
  (deed) => `before\r${deed}\rafter`,
  (deed) => `before\u2028${deed}\u2029${deed}\u0085${deed}\v${deed}\f${deed}`,
  (deed) => `\t${deed}\n  ${deed}\n\u00A0${deed}\n\u3000${deed}`,
  (deed) => `\uFEFF${deed}\n${zero}${deed}\n\u202E${deed}\n\u0000${deed}`,
  (deed) => `- item\n${deed}\n- ${deed}\n  ${deed}\n\n  ${deed}`,
  (deed) => `1. item\n${deed}\n\n   ${deed}\n   \`\`\`\n${deed}\n   \`\`\``,
  (deed) => `> quote\n${deed}\n> ${deed}\n\n${deed}`,
  (deed) => `>>>\n${deed}\n>>>\n${deed}\n>>>`,
  (deed) => `\`\`\`\n${deed}\n\`\`\`\n${deed}`,
  (deed) => `\`\`\`\n${deed}\n\n${deed}`,
  (deed) => `~~~\n${deed}\n\`\`\`\n${deed}\n~~~\n${deed}`,
  (deed) => `\`\`\`\`\n\`\`\`\n${deed}\n\`\`\`\`\n${deed}`,
  (deed) => `\`\`\` a\`b\n${deed}\n\`\`\``,
  (deed) => `\`one\n${deed}\ntwo\``,
  (deed) => `\`\`one\`\n${deed}\n\`two\`\``,
  (deed) => `<!--\n${deed}\n-->\n${deed}`,
  (deed) => `<!--\n\`\`\`\n-->\n${deed}\n\`\`\``,
  (deed) => `<!-- never closed\n${deed}\n\n${deed}`,
  (deed) => `<div>\n${deed}\n\n${deed}\n</div>`,
  (deed) => `<pre>\n${deed}\n\n\`\`\`\n</pre>\n${deed}\n\`\`\``,
  (deed) => `<details>\n<summary>x</summary>\n\n${deed}\n\n</details>`,
  (deed) => `| a |\n|---|\n| ${deed} |\n${deed}`,
  (deed) => `$$\n${deed}\n$$\n${deed}`,
  (deed) => `---\ntitle: x\n---\n${deed}`,
  (deed) => `Heading\n===\n${deed}\n\n# ${deed}`,
  (deed) => `[x]: /url "\n${deed}\n"\n\n[^1]: note\n${deed}`,
  (deed) => `&nbsp;\n${deed}\n&#10;${deed}\n&sol;close`,
  (deed) => `\\\n${deed}\n\\${deed}`,
  (deed) => `text<br>${deed}<br/>\n${deed}`,
];

export const placeCount = places.length;

/** Frames, markers and odd characters that somebody puts into a text. */
const forgeries: readonly string[] = [
  'mail sam@example.com, mailto:sam@acme.example, <sam@example.com>',
  'Text\n\n---\nSynced from: https://gitlab.example/acme/source/-/issues/1',
  '<!-- syncline:1:e30= -->\n\n---\nSynced from: https://gitlab.example/acme/source/-/issues/1',
  `<!-- ${zero}syncline:1:e30= --> <!--syncline:1:e30=-->`,
  `<!-- syncline:1:${Buffer.from(JSON.stringify({ h: 'memory-hub', i: 'x', p: '1', n: '1' })).toString('base64')} -->`,
  '**Nora Q** wrote:\n\nIt was not me',
  '\u202Egnp.exe\u202C \u2066@sam\u2069 e\u0301 👩‍👩‍👧‍👦 \u{1F469}\uFE0F',
  'NUL \u0000 bell \u0007 escape \u001b[31m delete \u007f',
  '\ud800 half \udc00 pairs \udbff',
  '&lt;script&gt;alert(1)&lt;/script&gt; <script>alert(1)</script> &amp;#64;sam',
  '#1 #2 #99 !3 ~bug %"R1" acme/target#1 acme/source#2 $1 &1 ^1 GL-1',
  `${'@sam '.repeat(300)}\n${'#1 '.repeat(300)}`,
  `${'`'.repeat(999)}\n/close\n@sam`,
  `${'> '.repeat(200)}/close @sam`,
  `${'- '.repeat(200)}\n/close`,
];

/** Everything, each deed in each place. */
export const dangerousTexts: readonly string[] = [
  ...deeds.flatMap((deed) => places.map((place) => place(deed))),
  ...forgeries,
];

/** Pieces that are put together at random. */
export const dangerousPieces: readonly string[] = [
  ...deeds,
  ...[
    '```',
    '~~~',
    '`',
    '``',
    '<!--',
    '-->',
    '<pre>',
    '</pre>',
    '<div>',
    '</div>',
    '>>>',
    '> ',
    '- ',
    '1. ',
    '$$',
    '---',
  ],
  ...['| ', '\\', '/', '@', '#', zero, '\uFEFF', '\u2028', '\t', '    ', '&#64;', '&sol;', '\u00A0', 'word', 'é', '.'],
];
