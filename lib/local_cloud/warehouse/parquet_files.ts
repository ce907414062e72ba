/** Parquet files: their schema, and their rows into a table. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { columnsOf, type DuckDBColumn, sqlTypeOf } from "./duckdb_types.ts";
import { fileError, type LoadFile, type LoadTarget } from "./load_target.ts";
import { literal } from "./text_values.ts";
import { duckdbType, type Field, quote, type SqlType, typeName } from "./types.ts";

const reading = ({ path }: LoadFile) => `SELECT * FROM read_parquet(${literal(path)})`;

/** A wider or equivalent type that BigQuery reads a column into, by kinds. */
const READABLE = new Set(["INT64 NUMERIC", "DATETIME TIMESTAMP", "STRING JSON", "STRING BYTES"]);

/**
 * The columns of a Parquet file.
 *
 * BigQuery reads a LIST as an ARRAY only if `parquetOptions.enableListInference` is set, else as a
 * RECORD of a RECORD; that a file with lists is refused here without it keeps a load that works
 * here working there.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/loading-data-cloud-storage-parquet#list_logical_type
 */
export async function parquetColumns(
  connection: DuckDBConnection,
  file: LoadFile,
  enableListInference: boolean,
): Promise<Field[]> {
  if (!enableListInference) await refuseLists(connection, file);
  const columns = await columnsOf(connection, reading(file));
  return columns.map((column) => ({ name: column.name, type: typeOf(column, file) }));
}

/** Adds the rows of a Parquet file to a table; columns are matched by name. */
export async function insertParquet(
  connection: DuckDBConnection,
  file: LoadFile,
  enableListInference: boolean,
  { storage, columns, ignoreUnknownValues }: LoadTarget,
): Promise<number> {
  const present = await parquetColumns(connection, file, enableListInference);
  const named = (fields: Field[], name: string) =>
    fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
  const unknown = present.find(({ name }) => named(columns, name) === undefined);
  if (unknown !== undefined && !ignoreUnknownValues) {
    throw fileError(file, `Parquet column '${unknown.name}' is not in the table's schema`);
  }
  const values = columns.map((column) => {
    const from = named(present, column.name);
    if (from !== undefined) checkReadable(from.type, column.type, column.name, file);
    else if (column.required) throw fileError(file, `Required column '${column.name}' is missing`);
    return value(column, from && quote(from.name));
  });
  const names = columns.map(({ name }) => quote(name)).join(", ");
  const result = await connection.run(
    `INSERT INTO ${storage} (${names}) SELECT ${values.join(", ")} FROM (${reading(file)})`,
  );
  return result.rowsChanged;
}

function typeOf({ name, type }: DuckDBColumn, file: LoadFile): SqlType {
  const found = sqlTypeOf(type);
  if (found !== undefined) return found;
  const message = `Parquet column '${name}' has type ${type}, which the local cloud does not read`;
  throw fileError(file, message);
}

async function refuseLists(connection: DuckDBConnection, file: LoadFile): Promise<void> {
  const lists = await connection.runAndReadAll(
    `SELECT name FROM parquet_schema(${literal(file.path)})
      WHERE converted_type = 'LIST' OR logical_type LIKE 'List%' LIMIT 1`,
  );
  if (lists.currentRowCount === 0) return;
  throw fileError(
    file,
    `Parquet column '${lists.value(0, 0)}' is a LIST, which BigQuery reads as a RECORD of a ` +
      "RECORD: set parquetOptions.enableListInference to read it as an ARRAY",
  );
}

function checkReadable(from: SqlType, to: SqlType, path: string, file: LoadFile): void {
  if (from.kind === "ARRAY" && to.kind === "ARRAY") {
    return checkReadable(from.element, to.element, path, file);
  }
  if (from.kind === "STRUCT" && to.kind === "STRUCT") {
    for (const field of from.fields) {
      const target = to.fields.find(({ name }) => name.toLowerCase() === field.name.toLowerCase());
      const at = `${path}.${field.name}`;
      if (target === undefined) {
        throw fileError(file, `Parquet column '${at}' is not in the table's schema`);
      }
      checkReadable(field.type, target.type, at, file);
    }
    return;
  }
  if (from.kind === to.kind || READABLE.has(`${from.kind} ${to.kind}`)) return;
  throw fileError(
    file,
    `Parquet column '${path}' has type ${typeName(from)} which does not match the target type ${
      typeName(to)
    }`,
  );
}

/** SQL for a column's value: DuckDB casts a STRUCT by the names of its fields. */
function value({ name, type, required }: Field, source?: string): string {
  if (source === undefined) return type.kind === "ARRAY" ? "[]" : "NULL";
  const cast = `CAST(${source} AS ${duckdbType(type)})`;
  if (type.kind === "ARRAY") {
    const message = literal(`Array cannot have a null element; error in column '${name}'`);
    return `CASE WHEN len(${source}) > list_count(${source}) THEN error(${message})
      ELSE coalesce(${withoutNullArrays(cast, type)}, []) END`;
  }
  const whole = withoutNullArrays(cast, type);
  if (!required) return whole;
  const message = literal(`Required field ${name} cannot be null`);
  return `CASE WHEN ${source} IS NULL THEN error(${message}) ELSE ${whole} END`;
}

/** An ARRAY inside of a STRUCT is never NULL either; most types have none, and cost nothing. */
function withoutNullArrays(sql: string, type: SqlType, depth = 0): string {
  if (type.kind === "ARRAY") {
    const item = `x${depth}`;
    const element = withoutNullArrays(item, type.element, depth + 1);
    return element === item ? sql : `list_transform(${sql}, lambda ${item}: ${element})`;
  }
  if (type.kind !== "STRUCT" || !hasArray(type)) return sql;
  const fields = type.fields.map((field) => {
    const inner = withoutNullArrays(`${sql}.${quote(field.name)}`, field.type, depth);
    return `${quote(field.name)} := ${
      field.type.kind === "ARRAY" ? `coalesce(${inner}, [])` : inner
    }`;
  });
  return `CASE WHEN ${sql} IS NOT NULL THEN struct_pack(${fields.join(", ")}) END`;
}

function hasArray(type: SqlType): boolean {
  if (type.kind === "ARRAY") return true;
  return type.kind === "STRUCT" && type.fields.some((field) => hasArray(field.type));
}
