export { createHub, type RunningHub } from './hub.js';
export type { SettingsValues } from './config/settings.js';
