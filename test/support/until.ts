import { setTimeout } from 'node:timers/promises';

/** Against hanging, not a measure: a slow machine under load may take its time. */
const PATIENCE_MS = 300_000;

/** Waits for something to come to pass, and looks every 50 ms. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`it did not come to pass: ${isSo.toString()}`);
    await setTimeout(50);
  }
}
