/** Columns of a model's tables as one array each, however many rows there are. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { readColumns } from "./columns.ts";

/**
 * Lists of numbers of equal length, one after the other, and zeros after the last one.
 *
 * @param sql A query of one column `list` of type DOUBLE[], in order.
 * @param length How many numbers the array has.
 */
export async function readLists(
  connection: DuckDBConnection,
  sql: string,
  length: number,
): Promise<Float64Array> {
  const [values] = await readColumns(connection, `SELECT unnest(list) FROM (${sql})`, length);
  return values;
}

/** The VARCHARs of a query of one column, in its order; none is NULL. */
export async function readTexts(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const result = await connection.stream(sql);
  const texts: string[] = [];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return texts;
    for (const text of chunk.getColumnValues(0)) texts.push(text as string);
  }
}
