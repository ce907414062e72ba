/** A job as REST answers with it. */
import { errorProto } from "./error_response.ts";
import type { Job } from "./jobs.ts";
import { etagOf } from "./resource.ts";

/** `projectId`, `jobId` and `location` of a job. */
export function jobReference({ projectId, jobId, location }: Job) {
  return { projectId, jobId, location };
}

function statisticsOf(job: Job): Record<string, unknown> {
  const { created, ended, outcome, parentId, childCount } = job;
  return {
    creationTime: String(created),
    startTime: String(created),
    ...(ended === undefined ? {} : {
      endTime: String(ended),
      finalExecutionDurationMs: String(ended - created),
      totalSlotMs: String(ended - created),
    }),
    ...(childCount > 0 ? { numChildJobs: String(childCount) } : {}),
    ...(parentId === undefined
      ? {}
      : { parentJobId: parentId, scriptStatistics: { evaluationKind: "STATEMENT" } }),
    ...outcome?.statistics,
  };
}

function statusOf({ state, error }: Job): Record<string, unknown> {
  if (error === undefined) return { state };
  const errorResult = errorProto(error);
  return { state, errorResult, errors: [errorResult] };
}

/** The whole resource. */
export function jobResource(job: Job): Record<string, unknown> {
  const { projectId, jobId, location, configuration } = job;
  const id = `${projectId}:${location}.${jobId}`;
  const jobType = ["query", "load", "copy", "extract"].find((type) => type in configuration);
  return {
    kind: "bigquery#job",
    etag: etagOf([id, job.state]),
    id,
    user_email: "local@local-cloud",
    jobReference: jobReference(job),
    configuration: { jobType: jobType?.toUpperCase(), ...configuration },
    statistics: statisticsOf(job),
    status: statusOf(job),
  };
}

/** A job in a list; its configuration only if asked for with `projection=full`. */
export function listedJob(job: Job, full: boolean): Record<string, unknown> {
  const { kind: _, etag: _etag, configuration, ...rest } = jobResource(job);
  const error = job.error === undefined ? {} : { errorResult: errorProto(job.error) };
  return {
    kind: "bigquery#job",
    ...rest,
    ...error,
    state: job.state,
    ...(full ? { configuration } : {}),
  };
}
