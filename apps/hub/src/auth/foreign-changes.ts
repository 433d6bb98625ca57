import type { Request } from 'express';
import { Problem } from '../http/problem.js';

/** What the console sends with a change: another site's form or link cannot. */
const CONSOLE_HEADER = 'syncline-console';

/** A browser sends the cookie along with whatever asks for it: changes must prove that the console asks. Throws 403. */
export function refuseForeignChange(request: Request): void {
  if (['GET', 'HEAD'].includes(request.method) || request.headers['x-requested-with'] === CONSOLE_HEADER) return;
  throw Problem.forbidden(`With a cookie, changes need the header "X-Requested-With: ${CONSOLE_HEADER}".`);
}
