/**
 * The door of the SQL engine: one statement or script in GoogleSQL goes in, its outcome comes out.
 */
import type { Field, SqlType } from "../warehouse/types.ts";
import type { DatasetRef, TableRef } from "../warehouse/catalogue.ts";

/** A query parameter as REST carries it: strings at the leaves, whatever the type. */
export interface ParameterValue {
  value?: string | null;
  arrayValues?: ParameterValue[];
  structValues?: Record<string, ParameterValue>;
}

export interface QueryParameter {
  /** Absent for a positional parameter. */
  name?: string;
  type: SqlType;
  value: ParameterValue;
}

/** Where a query's rows go when not into an anonymous result. */
export interface Destination {
  table: TableRef;
  writeDisposition: "WRITE_EMPTY" | "WRITE_APPEND" | "WRITE_TRUNCATE";
  createDisposition: "CREATE_IF_NEEDED" | "CREATE_NEVER";
}

export interface StatementRequest {
  sql: string;
  projectId: string;
  location: string;
  /** Completes one-part table names. */
  defaultDataset?: DatasetRef;
  parameters: QueryParameter[];
  destination?: Destination;
  /** Resolve and check only: nothing runs. */
  dryRun: boolean;
  /** Aborted when the job is cancelled: DuckDB is interrupted, a training worker is ended. */
  signal: AbortSignal;
}

export interface IterationResult {
  index: number;
  durationMs: number;
  trainingLoss: number;
}

/** What a statement did, in the terms of `Job.statistics`. */
export interface StatementOutcome {
  /** `SELECT`, `CREATE_TABLE_AS_SELECT`, `CREATE_MODEL`, `SCRIPT`, … as in `statistics.query`. */
  statementType: string;
  /** The result's columns; empty where a statement yields no rows. */
  schema: Field[];
  /** Where the rows are: a DuckDB table whose columns are `c0`, `c1`, … in the order of `schema`. */
  rows?: { storage: string; count: number };
  /** Set by DML. */
  dml?: { inserted: number; updated: number; deleted: number };
  /** Set by DDL. */
  ddl?: { operation: "CREATE" | "REPLACE" | "SKIP" | "DROP" | "ALTER"; table?: TableRef };
  referencedTables: TableRef[];
  /** Bytes of the columns read, as a dry run estimates them. */
  bytesProcessed: number;
  /** Who computed the rows: DuckDB, or Google's reference implementation on few rows. */
  evaluator: "duckdb" | "reference";
  /** Set by CREATE MODEL. */
  ml?: { modelType: string; maxIterations: number; iterations: IterationResult[] };
  /** Outcomes of a script's statements, in order. */
  children?: StatementOutcome[];
}

/**
 * What the services need of the SQL engine.
 *
 * `run` throws `CloudError` (reason `invalidQuery` with ` at [line:column]`, `notFound`,
 * `duplicate`, `stopped` …); a statement that fails leaves nothing behind.
 */
export interface SqlEngine {
  run(request: StatementRequest): Promise<StatementOutcome>;
  /** Frees an anonymous result. */
  release(storage: string): Promise<void>;
  close(): Promise<void>;
}
