export { eventTypes, type EventTypeName, type GitLabEventsConfig } from './config.js';
export { connector } from './connector.js';
