import { isCompleteRun } from '../../../test/support/detect.mjs';

/**
 * How often a random test runs, and from which seed: `MODEL_RUNS` and `MODEL_SEED`, else as few as a sample needs or as
 * many as a complete run does, and a seed that is always the same, so that a change is judged by itself: others are for
 * whoever looks for more (`MODEL_SEED=$RANDOM`). It is printed.
 */
export function modelRuns(name: string, sample = 100): { readonly numRuns: number; readonly seed: number } {
  const { MODEL_RUNS, MODEL_SEED } = process.env;
  const numRuns = Number(MODEL_RUNS ?? (isCompleteRun() ? 500 : sample));
  const seed = Number(MODEL_SEED ?? 363308);
  process.stdout.write(`${name}: ${numRuns} runs, MODEL_SEED=${seed}\n`);
  return { numRuns, seed };
}
