/** What is loaded, into what, and how its faults are worded. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { CloudError } from "../errors.ts";
import type { Field } from "./types.ts";

/** A file to load. */
export interface LoadFile {
  path: string;
  /** What messages call it: `gs://bucket/object`. */
  name: string;
  /** Bytes. */
  size: number;
}

/** Where rows go, and what may be wrong with them. */
export interface LoadTarget {
  storage: string;
  columns: Field[];
  /** Rows of text that may be skipped as they cannot be read, over all files. */
  maxBadRecords: number;
  /** Whether values without a column are left out rather than refused. */
  ignoreUnknownValues: boolean;
  /** Another connection, to look at a file with once DuckDB has given up the transaction. */
  connect(): Promise<DuckDBConnection>;
}

/** What is wrong with a file, in BigQuery's words. */
export function fileError(file: LoadFile, message: string): CloudError {
  return new CloudError(
    "invalid",
    `Error while reading data, error message: ${message}. File: ${file.name}`,
  );
}
