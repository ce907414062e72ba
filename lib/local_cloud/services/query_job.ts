/** Query jobs: the configuration of one, its run, and its statistics. */
import { z } from "zod";
import { CloudError } from "../errors.ts";
import type { SqlEngine, StatementOutcome, StatementRequest } from "../sql/mod.ts";
import { DEFAULT_LOCATION } from "./datasets.ts";
import { parse, wholeNumber, yesOrNo } from "./input.ts";
import type { JobResult } from "./jobs.ts";
import { checkId } from "./names.ts";
import { restParameter, toParameters } from "./query_parameters.ts";
import { toRestSchema } from "./schema.ts";

const datasetReference = z.strictObject({
  projectId: z.string().optional(),
  datasetId: z.string(),
});
/** A table as jobs name one; without a project it is in the job's. */
export const tableReference = z.strictObject({
  projectId: z.string().optional(),
  datasetId: z.string(),
  tableId: z.string(),
});
export const writeDisposition = z.enum(["WRITE_EMPTY", "WRITE_APPEND", "WRITE_TRUNCATE"]);
export const createDisposition = z.enum(["CREATE_IF_NEEDED", "CREATE_NEVER"]);

/**
 * What jobs.query and jobs.insert both have. Options about cost (`maximumBytesBilled`, `priority`,
 * `useQueryCache`) are taken and have nothing to act on: nothing is billed and nothing cached.
 */
export const queryOptions = {
  query: z.string(),
  useLegacySql: yesOrNo.default(true),
  defaultDataset: datasetReference.optional(),
  parameterMode: z.string().toUpperCase().pipe(z.enum(["NAMED", "POSITIONAL", ""])).nullish(),
  queryParameters: z.array(restParameter).nullish(),
  useQueryCache: yesOrNo.nullish(),
  maximumBytesBilled: wholeNumber.nullish(),
  createSession: z.literal(false).nullish(),
  connectionProperties: z.array(z.never()).nullish(),
  continuous: z.literal(false).nullish(),
  writeIncrementalResults: z.literal(false).nullish(),
  preserveNulls: z.unknown().optional(), // deprecated in REST, without effect there too
};

const configuration = z.strictObject({
  ...queryOptions,
  types: z.unknown().optional(), // Node's client leaves its own option in; the cloud passes it over
  destinationTable: tableReference.optional(),
  createDisposition: createDisposition.optional(),
  writeDisposition: writeDisposition.optional(),
  priority: z.enum(["INTERACTIVE", "BATCH"]).nullish(),
  allowLargeResults: yesOrNo.nullish(),
  flattenResults: yesOrNo.nullish(),
  maximumBillingTier: wholeNumber.nullish(),
});

/** A statement to run, without what decides how long. */
export type Statement = Omit<StatementRequest, "signal">;

/**
 * The statement that a job's `configuration.query` asks for.
 *
 * @throws {CloudError} `invalid`, naming the option; also for legacy SQL.
 */
export function statementOf(
  query: unknown,
  job: { projectId: string; location?: string; dryRun: boolean },
): Statement {
  const given = parse(configuration, query, "configuration.query");
  const { destinationTable, createDisposition, writeDisposition } = given;
  const statement = commonStatement(given, job);
  if (destinationTable === undefined) return statement;
  return {
    ...statement,
    destination: {
      table: {
        projectId: destinationTable.projectId ?? job.projectId,
        datasetId: checkId("dataset", destinationTable.datasetId),
        tableId: checkId("table", destinationTable.tableId),
      },
      writeDisposition: writeDisposition ?? "WRITE_EMPTY",
      createDisposition: createDisposition ?? "CREATE_IF_NEEDED",
    },
  };
}

/** The statement that options of {@link queryOptions} ask for. */
export function commonStatement(
  given: z.infer<z.ZodObject<typeof queryOptions>>,
  { projectId, location, dryRun }: { projectId: string; location?: string; dryRun: boolean },
): Statement {
  refuseLegacy(given.query, given.useLegacySql);
  const { defaultDataset } = given;
  return {
    sql: given.query,
    projectId,
    location: location ?? DEFAULT_LOCATION,
    defaultDataset: defaultDataset && {
      projectId: defaultDataset.projectId ?? projectId,
      datasetId: checkId("dataset", defaultDataset.datasetId),
    },
    parameters: toParameters(given.queryParameters ?? [], given.parameterMode ?? undefined),
    dryRun,
  };
}

/** A first line `#standardSQL` or `#legacySQL` decides over the option. */
function refuseLegacy(sql: string, useLegacySql: boolean): void {
  const prefix = /^\s*#\s*(standard|legacy)SQL\b/i.exec(sql)?.[1].toLowerCase();
  if (prefix === "standard" || (prefix === undefined && !useLegacySql)) return;
  throw new CloudError(
    "invalid",
    "Legacy SQL is not supported by the local cloud: set useLegacySql to false (it is true where " +
      "it is not said), or begin the query with #standardSQL",
    "useLegacySql",
  );
}

/** Runs a statement as a job's work. */
export async function runQuery(
  engine: SqlEngine,
  statement: Statement,
  signal: AbortSignal,
): Promise<JobResult> {
  const outcome = await engine.run({ ...statement, signal });
  return {
    ...resultOf(outcome, statement.dryRun),
    children: outcome.children?.map((child) => resultOf(child, false)),
  };
}

function resultOf(outcome: StatementOutcome, dryRun: boolean): JobResult {
  const { schema, rows, dml, bytesProcessed } = outcome;
  return {
    statistics: {
      totalBytesProcessed: String(bytesProcessed),
      query: queryStatistics(outcome, dryRun),
    },
    result: { schema, rows, dml, bytesProcessed },
  };
}

/** DML's counts as `dmlStats`. */
export function dmlStats(dml: NonNullable<StatementOutcome["dml"]>) {
  return {
    insertedRowCount: String(dml.inserted),
    updatedRowCount: String(dml.updated),
    deletedRowCount: String(dml.deleted),
  };
}

/** How many rows DML touched, as `numDmlAffectedRows`. */
export function affectedRows({ inserted, updated, deleted }: NonNullable<StatementOutcome["dml"]>) {
  return String(inserted + updated + deleted);
}

/**
 * `Job.statistics.query`. Who computed the rows, DuckDB or Google's reference implementation, is in
 * `queryInfo.optimizationDetails.evaluator`: that object is free in REST and no client reads it.
 */
function queryStatistics(outcome: StatementOutcome, dryRun: boolean): Record<string, unknown> {
  const { statementType, schema, dml, ddl, ml, bytesProcessed, evaluator } = outcome;
  return {
    statementType,
    totalBytesProcessed: String(bytesProcessed),
    totalBytesBilled: "0",
    totalBytesProcessedAccuracy: "UPPER_BOUND",
    billingTier: 0,
    cacheHit: false,
    referencedTables: outcome.referencedTables,
    ...(dryRun && schema.length > 0 ? { schema: toRestSchema(schema) } : {}),
    ...(dml ? { numDmlAffectedRows: affectedRows(dml), dmlStats: dmlStats(dml) } : {}),
    ...(ddl ? { ddlOperationPerformed: ddl.operation, ddlTargetTable: ddl.table } : {}),
    ...(ml ? { mlStatistics: mlStatistics(ml) } : {}),
    queryInfo: { optimizationDetails: { evaluator } },
  };
}

function mlStatistics(
  { modelType, maxIterations, iterations }: NonNullable<StatementOutcome["ml"]>,
) {
  return {
    modelType,
    maxIterations: String(maxIterations),
    trainingType: "SINGLE_TRAINING",
    iterationResults: iterations.map(({ index, durationMs, trainingLoss }) => ({
      index,
      durationMs: String(Math.round(durationMs)),
      trainingLoss,
    })),
  };
}
