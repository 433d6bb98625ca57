import type { AzureLocation } from './azure-call.js';

export interface AzureMatch {
  readonly location: AzureLocation;
  readonly parts: Readonly<Record<string, string>>;
}

/** Finds the place of the interface that a path below the collection names. */
export class AzureRouter {
  constructor(private readonly locations: readonly AzureLocation[]) {}

  /** What `OPTIONS /_apis/<area>` tells; the caller negotiates versions by it. */
  area(name: string): readonly AzureLocation[] {
    return this.locations.filter(({ area }) => area.toLowerCase() === name.toLowerCase());
  }

  match(segments: readonly string[]): AzureMatch | undefined {
    for (const location of this.locations) {
      const parts = fit(location, segments);
      if (parts !== undefined) return { location, parts };
    }
    return undefined;
  }
}

function fit(location: AzureLocation, segments: readonly string[]): Record<string, string> | undefined {
  const template = location.routeTemplate
    .replace('{area}', location.area)
    .replace('{resource}', location.resourceName)
    .split('/');
  // Objects that have an id of their own are found without naming their project.
  if (template[0] === '{project}' && segments[0] === '_apis') template.shift();
  if (segments.length > template.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, wanted] of template.entries()) {
    const given = segments[index];
    const name = /^\{\*?(\w+)\}$/.exec(wanted)?.[1];
    if (given === undefined) {
      // Only the last part may be missing.
      if (name === undefined || index < template.length - 1) return undefined;
      continue;
    }
    if (name === undefined && given.toLowerCase() !== wanted.toLowerCase()) return undefined;
    if (name !== undefined) parts[name] = given;
  }
  return parts;
}
