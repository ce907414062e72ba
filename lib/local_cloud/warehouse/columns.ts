/** Columns of numbers between DuckDB and typed arrays, chunk by chunk: no object per row. */
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import { quote } from "./types.ts";

/** Rows of one of DuckDB's chunks. */
const CHUNK_ROWS = 2048;

/**
 * Reads a query's columns, each of type DOUBLE or INTEGER.
 *
 * @param rows How many rows the query gives.
 * @returns one array a column in the order of the query's rows; NaN for NULL.
 */
export async function readColumns(
  connection: DuckDBConnection,
  sql: string,
  rows: number,
): Promise<Float64Array[]> {
  const result = await connection.stream(sql);
  const columns = Array.from({ length: result.columnCount }, () => new Float64Array(rows));
  let row = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return columns;
    columns.forEach((column, at) => {
      const vector = chunk.getColumnVector(at);
      for (let i = 0; i < vector.itemCount; i++) {
        const value = vector.getItem(i);
        column[row + i] = value === null ? NaN : Number(value);
      }
    });
    row += chunk.rowCount;
  }
}

/** A column to be written. */
export interface Filled {
  name: string;
  type: DuckDBType;
  /** The value in a row, from 0; a BIGINT is a bigint. */
  valueAt: (row: number) => DuckDBValue;
}

/**
 * Makes a table of columns of values, in the connection's transaction.
 *
 * @param table `schema.table`.
 */
export async function createFilled(
  connection: DuckDBConnection,
  table: string,
  rows: number,
  columns: Filled[],
): Promise<void> {
  const definitions = columns.map(({ name, type }) => `${quote(name)} ${type}`);
  await connection.run(`CREATE TABLE ${table} (${definitions.join(", ")})`);
  const [schema, name] = table.split(".");
  const appender = await connection.createAppender(name, schema);
  const types = columns.map(({ type }) => type);
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const length = Math.min(CHUNK_ROWS, rows - start);
    const chunk = DuckDBDataChunk.create(types, length);
    columns.forEach(({ valueAt }, at) =>
      chunk.setColumnValues(at, Array.from({ length }, (_, i) => valueAt(start + i)))
    );
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
