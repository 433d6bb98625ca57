/** The flags of a hook that decide which events it gets, by their names in the hooks API. */
export const noHookFlags = {
  push_events: false,
  tag_push_events: false,
  issues_events: false,
  confidential_issues_events: false,
  note_events: false,
  confidential_note_events: false,
  merge_requests_events: false,
  job_events: false,
  pipeline_events: false,
  wiki_page_events: false,
  deployment_events: false,
  releases_events: false,
  feature_flag_events: false,
  emoji_events: false,
  milestone_events: false,
  resource_access_token_events: false,
  vulnerability_events: false,
};
export type HookFlag = keyof typeof noHookFlags;
export type HookFlags = Record<HookFlag, boolean>;

export function isHookFlag(name: string): name is HookFlag {
  return name in noHookFlags;
}

/** One request of a hook, as `/hooks/:id/events` keeps it. */
export interface HookEvent {
  readonly id: number;
  readonly trigger: HookFlag;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly body: string;
  /** The HTTP status, or `internal error` where none came. */
  readonly responseStatus: string;
  /** Seconds. */
  readonly executionDuration: number;
  readonly createdAt: number;
}

export interface Hook {
  readonly id: number;
  readonly projectId: number;
  readonly createdAt: number;
  url: string;
  name: string | null;
  description: string | null;
  token: string | null;
  /** `whsec_<base64>`; present where deliveries are signed. */
  signingToken: string | null;
  pushEventsBranchFilter: string;
  enableSslVerification: boolean;
  readonly flags: HookFlags;
  /** Consecutive failures. */
  failures: number;
  disabledUntil: number | null;
  readonly events: HookEvent[];
}
