import type { Project } from '../model/project.js';
import type { World } from '../world/world.js';

export type Edition = 'free' | 'ee';

/** What an instance says about itself in every answer: its configured address, its edition. */
export interface Site {
  /** Without a trailing slash, with the path prefix: `https://corp.example/gitlab`. */
  readonly url: string;
  readonly host: string;
  readonly edition: Edition;
  readonly version: string;
  readonly world: World;
}

export function projectUrl(site: Site, project: Project): string {
  return `${site.url}/${project.fullPath}`;
}

/** Milliseconds are shown, microseconds are cut off. */
export function isoTime(time: number): string {
  return new Date(Math.floor(time)).toISOString();
}

export function isoTimeOrNull(time: number | null): string | null {
  return time === null ? null : isoTime(time);
}

/** Git's times keep the author's offset: `2026-03-04T05:06:07.000+02:00`. */
export function gitTime(time: number, offsetMinutes: number): string {
  return `${new Date(time + offsetMinutes * 60_000).toISOString().slice(0, -1)}${offset(offsetMinutes)}`;
}

export function offset(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Whole seconds between two times, null where one is missing. */
export function secondsBetween(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, Math.round((to - from) / 1000));
}

/** Seconds with microseconds, null where a time is missing. */
export function secondsExactly(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.round((to - from) * 1000) / 1_000_000;
}
