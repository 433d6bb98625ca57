import PgBoss from 'pg-boss';
import type { DataSource } from 'typeorm';

/** The queue of wake-ups: "connection X has a queued run". Losing one costs a tick, not a run. */
export const WAKE_QUEUE = 'wake';

/** pg-boss on our own pool, on either database. */
export function createBoss(database: DataSource): PgBoss {
  return new PgBoss({
    db: {
      executeSql: async (text: string, values: unknown[]) => {
        const runner = database.createQueryRunner();
        try {
          const answer = await runner.query(text, values, true);
          return { rows: answer.records, rowCount: answer.affected ?? 0 };
        } finally {
          await runner.release();
        }
      },
    },
    // Our own tick is the clock; pg-boss' cron would be a second one.
    schedule: false,
    deleteAfterDays: 1,
    archiveCompletedAfterSeconds: 3_600,
  });
}

/** Creates the queue's tables; the caller makes sure that only one process does so at a time. */
export async function startQueueSchema(database: DataSource): Promise<void> {
  const boss = createBoss(database);
  await boss.start();
  // `short`: at most one waiting wake-up per connection, however many ask.
  await boss.createQueue(WAKE_QUEUE, { name: WAKE_QUEUE, policy: 'short', retryLimit: 0, expireInSeconds: 82_800 });
  await boss.stop({ graceful: false, wait: true });
}
