// What a project holds, read by its API page by page, and what it takes at the least to copy it.
const PER_PAGE = 100;

async function* pages({ url, writeToken }, path) {
  for (let page = 1; page !== undefined;) {
    const query = `per_page=${PER_PAGE}&page=${page}`;
    const response = await fetch(`${url}/api/v4${path}${path.includes('?') ? '&' : '?'}${query}`, {
      headers: { 'private-token': writeToken },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    yield await response.json();
    page = Number(response.headers.get('x-next-page')) || undefined;
  }
}

/** Counts the things of the first project that a sync copies, as far as issues of it use them. */
export async function survey(gitlab) {
  const [labels, milestones, files] = [new Set(), new Set(), new Set()];
  const found = { issues: 0, closed: 0, comments: 0, noteLists: 0, characters: 0 };
  for await (const issues of pages(gitlab, '/projects/1/issues?scope=all&order_by=created_at&sort=asc')) {
    for (const issue of issues) {
      found.issues += 1;
      found.closed += issue.state === 'closed' ? 1 : 0;
      found.comments += issue.user_notes_count;
      found.noteLists += Math.ceil(issue.user_notes_count / PER_PAGE);
      found.characters += (issue.description ?? '').length;
      for (const label of issue.labels) labels.add(label);
      if (issue.milestone) milestones.add(issue.milestone.id);
      for (const [file] of (issue.description ?? '').matchAll(/\/uploads\/[0-9a-f]{32}\/[\w.-]+/g)) files.add(file);
    }
  }
  return { ...found, labels: labels.size, milestones: milestones.size, uploads: files.size };
}

/** One request for each thing made, one more for each closed issue, and every list page once. */
export function leastRequests(world) {
  const { issues, closed, comments, labels, milestones, uploads, noteLists } = world;
  const issuePages = Math.max(1, Math.ceil(issues / PER_PAGE));
  return {
    writes: issues + closed + comments + labels + milestones + uploads,
    // Both projects; the source's issues; the target's before (nothing to match) and after (both ways); both sides'
    // labels and milestones; the comments of each issue that has some; each file.
    reads: 2 + issuePages + 1 + issuePages + 4 + noteLists + uploads,
  };
}
