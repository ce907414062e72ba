/** Jobs: what was asked to run, what became of it, and the results kept for a while. */
import { alreadyExists, CloudError, notFound } from "../errors.ts";
import type { Field } from "../warehouse/types.ts";
import { DEFAULT_LOCATION } from "./datasets.ts";
import { toCloudError } from "./error_response.ts";
import { checkId } from "./names.ts";

/** What a job's work yields. */
export interface JobResult {
  /** The parts of `Job.statistics` that are the work's own: `{load: {…}}`. */
  statistics: Record<string, unknown>;
  /** What getQueryResults answers with, of a query. */
  result?: QueryResult;
  /** What the statements of a script yielded, in order. */
  children?: JobResult[];
}

/** The rows of a query. */
export interface QueryResult {
  schema: Field[];
  rows?: { storage: string; count: number };
  dml?: { inserted: number; updated: number; deleted: number };
  bytesProcessed: number;
}

/** REST's `Job.configuration`, as it was sent. */
export type Configuration = Record<string, unknown>;

/** What a job is asked to be. */
export interface JobRequest {
  projectId: string;
  /** Made up if it is not given. */
  jobId?: string;
  /** Default `US`. */
  location?: string;
  configuration: Configuration;
  /** Milliseconds after which the job is cancelled. */
  timeoutMs?: number;
}

/** One job. Its times are in milliseconds since 1970. */
export interface Job {
  projectId: string;
  jobId: string;
  location: string;
  configuration: Configuration;
  parentId?: string;
  childCount: number;
  state: "RUNNING" | "DONE";
  created: number;
  ended?: number;
  outcome?: JobResult;
  error?: CloudError;
  /** Settled, never rejected, when the job is done. */
  done: Promise<void>;
  cancel(why: string): void;
}

/** Which jobs to list. */
export interface JobFilter {
  parentId?: string;
  states?: string[];
  minCreationTime?: number;
  maxCreationTime?: number;
}

/** The longest that a timer waits; one that is to wait longer fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

const jobName = (projectId: string, location: string, jobId: string) =>
  `Job ${projectId}:${location}.${jobId}`;

/** The jobs of one local cloud. They live in memory: a restart forgets them, as it does results. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #release: (storage: string) => Promise<void>;
  readonly #limit: number;
  readonly #maxAgeMs: number;

  /**
   * @param options.release Frees the rows of a result.
   * @param options.limit How many jobs that are done are remembered. Default 1000.
   * @param options.maxAgeMs How long, in milliseconds. Default 24 hours.
   */
  constructor(
    options: { release: (storage: string) => Promise<void>; limit?: number; maxAgeMs?: number },
  ) {
    const { release, limit = 1000, maxAgeMs = 24 * 3_600_000 } = options;
    this.#release = release;
    this.#limit = limit;
    this.#maxAgeMs = maxAgeMs;
  }

  /**
   * Starts a job; `work` should end soon after its signal is aborted.
   *
   * @throws {CloudError} `duplicate`, if there is a job of that id.
   */
  start(request: JobRequest, work: (signal: AbortSignal) => Promise<JobResult>): Job {
    this.#forgetOld();
    const { projectId, location = DEFAULT_LOCATION, configuration } = request;
    const jobId = checkId("job", request.jobId ?? newJobId("job"));
    if (this.#jobs.has(keyOf(projectId, jobId))) {
      throw alreadyExists(jobName(projectId, location, jobId));
    }
    const abort = new AbortController();
    let why = "";
    const job: Job = {
      projectId: checkId("project", projectId),
      jobId,
      location,
      configuration,
      childCount: 0,
      state: "RUNNING",
      created: Date.now(),
      done: Promise.resolve(),
      cancel: (reason) => {
        why = reason;
        abort.abort();
      },
    };
    const timer = request.timeoutMs
      ? setTimeout(() => job.cancel("Job timed out"), Math.min(request.timeoutMs, LONGEST_MS))
      : undefined;
    job.done = work(abort.signal).then(
      (outcome) => this.#succeed(job, outcome),
      (error) => {
        job.error = abort.signal.aborted && why !== ""
          ? new CloudError("stopped", `Job execution was cancelled: ${why}`)
          : toCloudError(error);
      },
    ).finally(() => {
      clearTimeout(timer);
      job.state = "DONE";
      job.ended = Date.now();
    });
    this.#jobs.set(keyOf(projectId, jobId), job);
    return job;
  }

  /** @throws {CloudError} `notFound`, also for a job of another location. */
  get(projectId: string, jobId: string, location?: string): Job {
    const job = this.#jobs.get(keyOf(projectId, jobId));
    const here = location === undefined || location.toUpperCase() === job?.location.toUpperCase();
    if (job !== undefined && here) return job;
    throw notFound(jobName(projectId, location ?? DEFAULT_LOCATION, jobId));
  }

  /** The jobs of a project, newest first; those of a script only by its id. */
  list(projectId: string, filter: JobFilter = {}): Job[] {
    const { parentId, states, minCreationTime = 0, maxCreationTime = Infinity } = filter;
    return [...this.#jobs.values()].filter((job) =>
      job.projectId === projectId && job.parentId === parentId &&
      (states === undefined || states.includes(job.state)) &&
      job.created >= minCreationTime && job.created <= maxCreationTime
    ).reverse();
  }

  /** Asks a job to stop; one that is done stays as it is. */
  cancel(projectId: string, jobId: string, location?: string): Job {
    const job = this.get(projectId, jobId, location);
    if (job.state === "RUNNING") job.cancel("User requested cancellation");
    return job;
  }

  /** Forgets a job and its result. @throws {CloudError} `invalid`, while it runs. */
  delete(projectId: string, jobId: string, location?: string): void {
    const job = this.get(projectId, jobId, location);
    if (job.state !== "DONE") {
      const name = jobName(projectId, job.location, jobId);
      throw new CloudError("invalid", `Cannot delete ${name} as it is still running`);
    }
    this.#forget(job);
  }

  /** Stops what runs and waits for its end. */
  async close(): Promise<void> {
    const running = [...this.#jobs.values()].filter(({ state }) => state === "RUNNING");
    for (const job of running) job.cancel("The local cloud is stopping");
    await Promise.all(running.map(({ done }) => done));
  }

  #succeed(job: Job, outcome: JobResult): void {
    job.outcome = outcome;
    for (const child of outcome.children ?? []) {
      const jobId = `script_${newJobId("job")}_${job.childCount++}`;
      const { projectId } = job;
      const made: Job = {
        ...job,
        jobId,
        parentId: job.jobId,
        childCount: 0,
        state: "DONE",
        ended: Date.now(),
        outcome: child,
      };
      this.#jobs.set(keyOf(projectId, jobId), made);
    }
  }

  #forgetOld(): void {
    const tooOld = Date.now() - this.#maxAgeMs;
    const done = [...this.#jobs.values()].filter(({ state }) => state === "DONE");
    const excess = done.length - this.#limit + 1;
    done.forEach((job, age) => {
      if (age < excess || job.ended! < tooOld) this.#forget(job);
    });
  }

  #forget(job: Job): void {
    const children = [...this.#jobs.values()].filter(({ projectId, parentId }) =>
      projectId === job.projectId && parentId === job.jobId
    );
    const gone = [job, ...children];
    for (const { projectId, jobId } of gone) this.#jobs.delete(keyOf(projectId, jobId));
    // A script and its last statement share their rows.
    const kept = new Set([...this.#jobs.values()].map(storageOf));
    const storages = new Set(gone.map(storageOf));
    for (const storage of storages) {
      if (storage === undefined || kept.has(storage)) continue;
      this.#release(storage).catch((error) => console.error("Cannot free a result:", error));
    }
  }
}

const keyOf = (projectId: string, jobId: string) => `${projectId}/${jobId}`;
const storageOf = (job: Job) => job.outcome?.result?.rows?.storage;
const newJobId = (prefix: string) => `${prefix}_${crypto.randomUUID().replaceAll("-", "")}`;
