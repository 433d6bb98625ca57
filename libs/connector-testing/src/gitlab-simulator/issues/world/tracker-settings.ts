/** How an instance is set up, as its administrator would. Change the fields at any time. */
export interface TrackerSettings {
  /** Above it an upload is refused with 413. GitLab's default is 100 MiB. */
  maxAttachmentBytes: number;
  /** Issues whose title or description match are refused as spam. */
  spam: RegExp | null;
  /** `error`: {error: 'Spam detected'}; `base`: {base: [...]}, as some versions answer. */
  spamAnswer: 'error' | 'base';
  /** Issues and notes whose text matches are refused with 422, whoever writes them: for items that never go through. */
  unprocessable: RegExp | null;
  /**
   * How text is searched for quick actions. `paragraphs`: ordinary Markdown paragraphs only, as 16 and later do;
   * `pattern`: by a regular expression over the whole text, as before; `either`: what any version would execute.
   */
  quickActions: 'paragraphs' | 'pattern' | 'either';
  /** Whether guests who are members may set labels, assignees and dates of issues they create, as since 13.10. */
  guestsPlanNewIssues: boolean;
  /** Whether threads on issues can be resolved, as since 16.7. */
  resolvableThreads: boolean;
}

export function defaultTrackerSettings(): TrackerSettings {
  return {
    maxAttachmentBytes: 100 * 1024 * 1024,
    spam: null,
    spamAnswer: 'error',
    unprocessable: null,
    quickActions: 'paragraphs',
    guestsPlanNewIssues: false,
    resolvableThreads: true,
  };
}
