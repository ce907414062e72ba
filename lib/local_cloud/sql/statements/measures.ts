/** How many rows and bytes a statement touches. */
import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableEntry } from "../../warehouse/catalogue.ts";
import type { SqlType } from "../../warehouse/types.ts";

/** Rows of a DuckDB table. */
export async function countOf(storage: string, connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT count(*) FROM ${storage}`);
  return Number(reader.value(0, 0));
}

const TEXT_BYTES = 16;
const ELEMENTS = 4;

/**
 * Bytes of one value as BigQuery counts them; text is taken as 16 bytes and an array as four
 * elements, since nothing is read for an estimate.
 *
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes
 */
function width(type: SqlType): number {
  switch (type.kind) {
    case "ARRAY":
      return ELEMENTS * width(type.element);
    case "STRUCT":
      return type.fields.reduce((sum, field) => sum + width(field.type), 0);
    case "BOOL":
      return 1;
    case "NUMERIC":
    case "INTERVAL":
      return 16;
    case "BIGNUMERIC":
      return 32;
    case "STRING":
    case "BYTES":
    case "JSON":
    case "GEOGRAPHY":
      return TEXT_BYTES;
    default:
      return 8;
  }
}

/** An estimate of the bytes in the tables a statement names. */
export async function bytesOf(
  tables: TableEntry[],
  connection: DuckDBConnection,
): Promise<number> {
  let bytes = 0;
  for (const { type, storage, columns } of tables) {
    if (type === "VIEW") continue;
    const row = columns.reduce((sum, column) => sum + width(column.type), 0);
    bytes += row * await countOf(storage, connection);
  }
  return bytes;
}
