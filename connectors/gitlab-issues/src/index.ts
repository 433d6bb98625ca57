export type { GitLabIssuesConfig } from './config.js';
export { connector } from './connector.js';
