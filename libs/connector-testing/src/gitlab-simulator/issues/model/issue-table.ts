import { OrderedIndex } from '../../model/ordered-index.js';
import type { Issue } from './issue.js';

/** The issues of one project, with the orders that lists need. */
export class IssueTable {
  readonly byIid = new Map<number, Issue>();
  readonly byUpdate = new OrderedIndex<Issue>((row) => row.updatedAt);
  readonly byCreation = new OrderedIndex<Issue>((row) => row.createdAt);

  add(issue: Issue): void {
    this.byIid.set(issue.iid, issue);
    this.byUpdate.add(issue);
    this.byCreation.add(issue);
  }

  remove(issue: Issue): void {
    this.byIid.delete(issue.iid);
    this.byUpdate.remove(issue);
    this.byCreation.remove(issue);
  }
}
