import type { RequestHandler } from 'express';
import { Problem } from './problem.js';
import { sendProblem } from './problem.filter.js';

const OPERATIONS = /^\/(health|metrics)\/?$/i;

/** What a process answers that only executes runs: those who watch over it, and nobody else. */
export const workerSurface: RequestHandler = (request, response, next) => {
  if (OPERATIONS.test(request.path)) return next();
  const detail = 'This process only executes runs (ROLE is worker). It answers /health and /metrics; ask another one.';
  sendProblem(response, new Problem(404, detail));
};
