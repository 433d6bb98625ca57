import { noHookFlags, type Hook, type HookFlags } from '../model/hook.js';
import type { Project } from '../model/project.js';
import type { WorldCore } from './world-core.js';

export interface HookSettings {
  readonly url: string;
  readonly name?: string | null;
  readonly description?: string | null;
  /** The secret that comes back as `X-Gitlab-Token`. */
  readonly token?: string | null;
  /** `whsec_<base64 of 32 bytes>`: deliveries are signed with it. */
  readonly signingToken?: string | null;
  readonly pushEventsBranchFilter?: string;
  readonly enableSslVerification?: boolean;
  readonly flags?: Partial<HookFlags>;
}

/** Project hooks, as data; `webhooks/` delivers. */
export class Hooks {
  constructor(private readonly core: WorldCore) {}

  /** Without flags the hook gets every kind of event there is; the API's default, push only, is the API's. */
  create(project: Project, settings: HookSettings): Hook {
    const hook: Hook = {
      id: this.core.nextId('hook'),
      projectId: project.id,
      createdAt: this.core.clock.stamp(),
      url: settings.url,
      name: settings.name ?? null,
      description: settings.description ?? null,
      token: settings.token ?? null,
      signingToken: settings.signingToken ?? null,
      pushEventsBranchFilter: settings.pushEventsBranchFilter ?? '',
      enableSslVerification: settings.enableSslVerification ?? true,
      flags: settings.flags === undefined ? { ...everyFlag } : { ...noHookFlags, ...settings.flags },
      failures: 0,
      disabledUntil: null,
      events: [],
    };
    project.hooks.set(hook.id, hook);
    return hook;
  }

  /** A new URL forgets the secret unless the same change sets it again. */
  update(hook: Hook, patch: Partial<HookSettings>): void {
    const { flags, ...settings } = patch;
    if (settings.url !== undefined && settings.url !== hook.url) hook.token = null;
    Object.assign(hook, settings);
    Object.assign(hook.flags, flags);
  }

  delete(project: Project, hook: Hook): void {
    project.hooks.delete(hook.id);
  }
}

/** What a hook gets that was made without naming any flags: all this simulator sends. */
const everyFlag: HookFlags = {
  ...noHookFlags,
  push_events: true,
  tag_push_events: true,
  issues_events: true,
  confidential_issues_events: true,
  note_events: true,
  confidential_note_events: true,
  merge_requests_events: true,
  job_events: true,
  pipeline_events: true,
  deployment_events: true,
  releases_events: true,
};
