import pLimit from 'p-limit';

/**
 * Does the work for all items, a few at a time, in the order of the items. After a failure nothing new is started; the
 * failure is thrown once all that was under way has ended, so that no request outlives the run.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  atOnce = 8,
): Promise<readonly R[]> {
  const limit = pLimit(atOnce);
  const results: R[] = [];
  const failures: unknown[] = [];
  const run = async (item: T, index: number): Promise<void> => {
    if (failures.length > 0) return;
    try {
      results[index] = await work(item);
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(items.map((item, index) => limit(run, item, index)));
  if (failures.length > 0) throw failures[0];
  return results;
}
