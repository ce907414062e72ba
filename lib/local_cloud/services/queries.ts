/** jobs.query and jobs.getQueryResults: run a query, wait for it, read its rows in pages. */
import { z } from "zod";
import { CloudError } from "../errors.ts";
import { labels, numberParameter, parse, type Query, wholeNumber, yesOrNo } from "./input.ts";
import { jobReference } from "./job_resource.ts";
import type { BigQueryCloud } from "./job_service.ts";
import type { Job } from "./jobs.ts";
import { type PageRequest, pageRequest, readPage } from "./pages.ts";
import { affectedRows, commonStatement, dmlStats, queryOptions, runQuery } from "./query_job.ts";
import { type TimestampFormat, timestampFormat } from "./rows.ts";
import { toRestSchema } from "./schema.ts";

const queryBody = z.strictObject({
  ...queryOptions,
  kind: z.unknown().optional(),
  maxResults: wholeNumber.nullish(),
  timeoutMs: wholeNumber.nullish(),
  jobTimeoutMs: wholeNumber.nullish(),
  dryRun: yesOrNo.default(false),
  labels: labels.nullish(),
  location: z.string().nullish(),
  requestId: z.string().max(36).nullish(),
  jobCreationMode: z.string().nullish(),
  formatOptions: z.strictObject({
    useInt64Timestamp: yesOrNo.optional(),
    timestampOutputFormat: z.string().optional(),
  }).nullish(),
});

/** How long to wait for a job, in milliseconds. */
const WAIT = { default: 10_000, longest: 200_000 };
/** How long a `requestId` stands for the query it first came with, in milliseconds. */
const REMEMBERED = 15 * 60_000;

/** Queries of a local cloud, in REST's terms. */
export class Queries {
  readonly #requests = new Map<string, { job: Job; until: number }>();

  constructor(private readonly cloud: BigQueryCloud) {}

  /** Runs a query and answers with its first page, or without rows if it takes longer. */
  async query(projectId: string, body: unknown): Promise<unknown> {
    const given = parse(queryBody, body);
    const { dryRun, formatOptions, labels, requestId, timeoutMs } = given;
    const location = given.location ?? undefined;
    const statement = commonStatement(given, { projectId, location, dryRun });
    if (dryRun) return await this.#dryRun(projectId, statement);
    const format = timestampFormat(formatOptions ?? {});
    const { query, defaultDataset, parameterMode, queryParameters } = given;
    const configuration = {
      query: { query, useLegacySql: false, defaultDataset, parameterMode, queryParameters },
      labels: labels ?? undefined,
    };
    const job = this.#once(projectId, requestId ?? undefined, () =>
      this.cloud.jobs.start(
        { projectId, location, configuration, timeoutMs: given.jobTimeoutMs ?? undefined },
        (signal) => runQuery(this.cloud.engine, statement, signal),
      ));
    await settled(job, timeoutMs ?? undefined);
    const page = { start: 0, maxResults: given.maxResults ?? undefined };
    return { kind: "bigquery#queryResponse", ...await this.#answer(job, page, format) };
  }

  /** A page of a query's rows, once it is done. */
  async results(projectId: string, jobId: string, query: Query): Promise<unknown> {
    const job = this.cloud.jobs.get(projectId, jobId, query.location);
    if (!("query" in job.configuration)) {
      throw new CloudError("invalid", `Cannot get results of ${jobId} as it is not a query job`);
    }
    const page = pageRequest(query);
    const format = timestampFormat({
      useInt64Timestamp: query["formatOptions.useInt64Timestamp"],
      timestampOutputFormat: query["formatOptions.timestampOutputFormat"],
    });
    await settled(job, numberParameter(query, "timeoutMs"));
    const answer = await this.#answer(job, page, format);
    return { kind: "bigquery#getQueryResultsResponse", ...answer };
  }

  async #answer(job: Job, page: PageRequest, format: TimestampFormat) {
    const reference = { jobReference: jobReference(job) };
    if (job.state !== "DONE") return { ...reference, jobComplete: false };
    if (job.error !== undefined) throw job.error;
    const { schema, rows, dml, bytesProcessed } = job.outcome!.result!;
    const { count = 0, storage = "" } = rows ?? {};
    const found = rows === undefined
      ? { rows: [] }
      : await readPage(this.cloud.warehouse, { storage, fields: schema, count }, page, format);
    return {
      ...reference,
      jobComplete: true,
      ...(schema.length > 0 ? { schema: toRestSchema(schema) } : {}),
      totalRows: String(count),
      pageToken: found.pageToken,
      ...(found.rows.length > 0 ? { rows: found.rows } : {}),
      totalBytesProcessed: String(bytesProcessed),
      totalBytesBilled: "0",
      cacheHit: false,
      ...(dml ? { numDmlAffectedRows: affectedRows(dml), dmlStats: dmlStats(dml) } : {}),
    };
  }

  async #dryRun(projectId: string, statement: Parameters<typeof runQuery>[1]) {
    const { signal } = new AbortController();
    const { schema, bytesProcessed } = (await runQuery(this.cloud.engine, statement, signal))
      .result!;
    return {
      kind: "bigquery#queryResponse",
      jobReference: { projectId, location: statement.location },
      jobComplete: true,
      schema: toRestSchema(schema),
      totalRows: "0",
      totalBytesProcessed: String(bytesProcessed),
      cacheHit: false,
    };
  }

  /** The job a request started when it first came: a client that gets no answer asks again. */
  #once(projectId: string, requestId: string | undefined, start: () => Job): Job {
    const now = Date.now();
    for (const [key, { until }] of this.#requests) if (until < now) this.#requests.delete(key);
    if (requestId === undefined || requestId === "") return start();
    const key = `${projectId}/${requestId}`;
    const earlier = this.#requests.get(key);
    if (earlier !== undefined) return earlier.job;
    const job = start();
    this.#requests.set(key, { job, until: now + REMEMBERED });
    return job;
  }
}

/** Waits for a job to be done, but no longer than asked. */
async function settled(job: Job, timeoutMs = WAIT.default): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(timeoutMs, WAIT.longest));
  });
  await Promise.race([job.done, timeout]);
  clearTimeout(timer);
}
