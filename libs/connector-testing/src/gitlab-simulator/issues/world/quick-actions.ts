import type { User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import type { Issue } from '../model/issue.js';
import { scanEither, scanParagraphs, scanPattern, type FoundQuickAction } from '../text/quick-action-scan.js';
import { substitutions } from '../text/quick-action-names.js';
import { quickActionEffect, type QuickActionTarget } from './quick-action-effects.js';
import type { IssuePatch } from './issue-fields.js';
import type { TrackerContext } from './tracker-context.js';

/** A command that a text carried into this instance. */
export interface ExecutedQuickAction extends FoundQuickAction {
  readonly at: number;
  readonly by: User;
  readonly project: Project;
  /** Null while the issue is being made. */
  readonly issue: Issue | null;
  /** False where it did nothing: not for issues, not allowed, or without sense here. Its line is gone all the same. */
  readonly applied: boolean;
}

export interface QuickActionRun {
  readonly patch: IssuePatch;
  /** One sentence each, as a note of nothing but commands is answered with. */
  readonly summary: readonly string[];
  /** What can only be done once the rest is stored. */
  finish(issue: Issue): void;
}

/** Executes commands in texts with the rights of whoever wrote them, and remembers every one. */
export class QuickActions {
  readonly executed: ExecutedQuickAction[] = [];
  private mover: ((issue: Issue, target: Project, by: User) => void) | undefined;

  constructor(private readonly context: TrackerContext) {}

  onMove(mover: (issue: Issue, target: Project, by: User) => void): void {
    this.mover = mover;
  }

  /** What is stored of a text, and the commands in it. */
  scan(text: string | null): { text: string | null; commands: readonly FoundQuickAction[] } {
    if (text === null) return { text: null, commands: [] };
    const scans = { paragraphs: scanParagraphs, pattern: scanPattern, either: scanEither };
    return scans[this.context.settings.quickActions](text);
  }

  run(project: Project, issue: Issue | null, commands: readonly FoundQuickAction[], by: User): QuickActionRun {
    let patch: IssuePatch = {};
    const summary: string[] = [];
    const later: ((issue: Issue) => void)[] = [];
    const target: QuickActionTarget = { project, issue, by, move: this.mover };
    for (const command of commands) {
      if (substitutions[command.name] !== undefined) continue;
      const effect = quickActionEffect(this.context, target, command, patch);
      this.executed.push({
        ...command,
        at: this.context.core.clock.read(),
        by,
        project,
        issue,
        applied: effect !== undefined,
      });
      if (effect === undefined) continue;
      patch = { ...patch, ...effect.patch };
      summary.push(effect.summary);
      if (effect.later !== undefined) later.push(effect.later);
    }
    return {
      patch,
      summary,
      finish: (finished) => {
        for (const work of later) work(finished);
      },
    };
  }
}
