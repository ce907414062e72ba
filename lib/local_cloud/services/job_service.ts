/** jobs.insert and the other calls of REST's Job. */
import { z } from "zod";
import { CloudError } from "../errors.ts";
import type { SqlEngine } from "../sql/mod.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import type { ModelBuckets } from "../warehouse/export_model.ts";
import type { LoadFile } from "../warehouse/load_target.ts";
import { copyOf, runCopy } from "./copy_job.ts";
import { DEFAULT_LOCATION } from "./datasets.ts";
import { extractOf, runExtract } from "./extract_job.ts";
import { labels, numberParameter, parse, type Query, wholeNumber, yesOrNo } from "./input.ts";
import { jobResource, listedJob } from "./job_resource.ts";
import type { Configuration, Job, JobRequest, JobResult, Jobs } from "./jobs.ts";
import { loadOf, type ObjectFiles, runLoad, withFiles } from "./load_job.ts";
import { checkId } from "./names.ts";
import { listPage } from "./pages.ts";
import { runQuery, statementOf } from "./query_job.ts";

/** What the services of BigQuery stand on. */
export interface BigQueryCloud {
  warehouse: Warehouse;
  engine: SqlEngine;
  objects: ObjectFiles & ModelBuckets;
  jobs: Jobs;
}

const insertBody = z.object({
  jobReference: z.object({
    projectId: z.string().optional(),
    jobId: z.string().optional(),
    location: z.string().optional(),
  }).optional(),
  configuration: z.strictObject({
    query: z.unknown().optional(),
    load: z.unknown().optional(),
    copy: z.unknown().optional(),
    extract: z.unknown().optional(),
    dryRun: yesOrNo.default(false),
    labels: labels.optional(),
    jobTimeoutMs: wholeNumber.optional(),
    jobType: z.string().optional(),
  }),
});

type Work = (signal: AbortSignal) => Promise<JobResult>;

/** Jobs of a local cloud, in REST's terms. */
export class JobService {
  constructor(private readonly cloud: BigQueryCloud) {}

  /**
   * Starts a job.
   *
   * @param uploaded The bytes sent along, of a load from a local file.
   * @throws {CloudError} for a job that cannot be begun; what goes wrong in it is in its status.
   */
  insert(projectId: string, body: unknown, uploaded?: LoadFile): Job {
    const { request, work } = this.#read(projectId, body, uploaded);
    return this.cloud.jobs.start(request, work);
  }

  /** Starts a job, or runs it dry, and answers with it. */
  async answer(projectId: string, body: unknown): Promise<unknown> {
    const { request, work, dry } = this.#read(projectId, body);
    return jobResource(dry ? await dryRun(request, work) : this.cloud.jobs.start(request, work));
  }

  #read(projectId: string, body: unknown, uploaded?: LoadFile) {
    const { configuration, jobReference: reference } = parse(insertBody, body);
    const location = reference?.location;
    const work = this.#workOf(configuration, { projectId, location }, uploaded);
    const request: JobRequest = {
      projectId: checkId("project", projectId),
      jobId: reference?.jobId,
      location,
      configuration: (body as { configuration: Configuration }).configuration,
      timeoutMs: configuration.jobTimeoutMs,
    };
    return { request, work, dry: configuration.dryRun };
  }

  get(projectId: string, jobId: string, query: Query): unknown {
    return jobResource(this.cloud.jobs.get(projectId, jobId, query.location));
  }

  /** @param states `stateFilter`, which may be given more than once. */
  list(projectId: string, query: Query, states: string[]): unknown {
    const all = this.cloud.jobs.list(projectId, {
      parentId: query.parentJobId,
      states: states.length > 0 ? states.map((state) => state.toUpperCase()) : undefined,
      minCreationTime: numberParameter(query, "minCreationTime"),
      maxCreationTime: numberParameter(query, "maxCreationTime"),
    });
    const { entries, nextPageToken } = listPage(all, query);
    const full = query.projection?.toLowerCase() === "full";
    const jobs = entries.map((job) => listedJob(job, full));
    return { kind: "bigquery#jobList", nextPageToken, ...(jobs.length > 0 ? { jobs } : {}) };
  }

  /** Answers at once; the job is done some time after. */
  cancel(projectId: string, jobId: string, query: Query): unknown {
    const job = this.cloud.jobs.cancel(projectId, jobId, query.location);
    return { kind: "bigquery#jobCancelResponse", job: jobResource(job) };
  }

  delete(projectId: string, jobId: string, query: Query): void {
    this.cloud.jobs.delete(projectId, jobId, query.location);
  }

  #workOf(
    { query, load, copy, extract, dryRun }: z.infer<typeof insertBody>["configuration"],
    { projectId, location }: { projectId: string; location?: string },
    uploaded?: LoadFile,
  ): Work {
    const { warehouse, engine, objects } = this.cloud;
    const asked = [query, load, copy, extract].filter((part) => part !== undefined).length;
    if (asked !== 1) {
      throw new CloudError(
        "required",
        "Required parameter is missing: one of configuration.query, load, copy, extract",
        "configuration",
      );
    }
    if (query !== undefined) {
      const statement = statementOf(query, { projectId, location, dryRun });
      return (signal) => runQuery(engine, statement, signal);
    }
    if (dryRun) throw new CloudError("invalid", "Only query jobs can be run dry", "dryRun");
    if (copy !== undefined) {
      const work = copyOf(copy, projectId);
      return (signal) => runCopy(warehouse, work, signal);
    }
    if (extract !== undefined) {
      const work = extractOf(extract, projectId);
      return (signal) => runExtract({ warehouse, buckets: objects }, work, signal);
    }
    const work = loadOf(load, projectId);
    if (uploaded) return (signal) => runLoad(warehouse, work, [uploaded], signal);
    if (work.sourceUris.length === 0) {
      throw new CloudError("required", "Required parameter is missing: sourceUris", "sourceUris");
    }
    return (signal) =>
      withFiles(objects, work.sourceUris, (files) => runLoad(warehouse, work, files, signal));
  }
}

/** A job that is done and nowhere to be found: a dry run leaves none behind. */
async function dryRun(request: JobRequest, work: Work): Promise<Job> {
  const { projectId, jobId = "", location = DEFAULT_LOCATION, configuration } = request;
  const created = Date.now();
  const outcome = await work(new AbortController().signal);
  return {
    projectId,
    jobId,
    location,
    configuration,
    childCount: 0,
    state: "DONE",
    created,
    ended: Date.now(),
    outcome: { ...outcome, children: undefined },
    done: Promise.resolve(),
    cancel: () => {},
  };
}
