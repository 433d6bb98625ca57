/**
 * Against hanging: git gives way to whatever else runs, so that on a busy machine a test waits for it much longer than it
 * works.
 */
export const backgroundPatienceMs = 600_000;
