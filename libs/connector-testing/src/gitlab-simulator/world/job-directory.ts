import { jobsOf, type Job, type Pipeline } from '../model/pipeline.js';

/** Finds a job by its instance-wide id without an entry per job: ids are given out in runs, one run per pipeline. */
export class JobDirectory {
  private readonly runs: { readonly firstId: number; readonly count: number; readonly pipeline: Pipeline }[] = [];

  /** Runs are added in ascending order of their ids. */
  add(pipeline: Pipeline, firstId: number, count: number): void {
    this.runs.push({ firstId, count, pipeline });
  }

  find(id: number): Job | undefined {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.runs[middle]?.firstId ?? 0) <= id) low = middle + 1;
      else high = middle;
    }
    const run = this.runs[low - 1];
    if (run === undefined || id >= run.firstId + run.count) return undefined;
    return jobsOf(run.pipeline).find((job) => job.id === id);
  }
}
