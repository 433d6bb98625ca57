import type { TriggerRequest } from '../runs/run-triggers.js';

/** The run that rebuilds links: everything is read, and pairs are found again by their markers. */
export const REPAIR_RUN: TriggerRequest = { trigger: 'manual', mode: 'full', params: { repairLinks: true } };
