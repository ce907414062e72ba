/** Rows of JSON, as a caller sends them, into a table. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { problemOfRow } from "./load_files.ts";
import { literal, valueOf } from "./text_values.ts";
import { duckdbType, type Field, quote, type SqlType } from "./types.ts";

/** What is wrong with a row. */
export interface RowProblem {
  /** Number of the row, from 0. */
  index: number;
  /** The field. */
  location: string;
  message: string;
}

/** A row as JSON has it. */
export type JsonRow = Record<string, unknown>;

/** A row with its names as the columns spell them: names are the same in any case. */
export function spelled(row: JsonRow, columns: Field[]): JsonRow {
  const named = Object.entries(row).map(([name, value]) => {
    const column = columns.find((column) => column.name === name) ??
      columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    return column === undefined ? [name, value] : [column.name, spelledValue(value, column.type)];
  });
  return Object.fromEntries(named);
}

function spelledValue(value: unknown, type: SqlType): unknown {
  if (type.kind === "ARRAY" && Array.isArray(value)) {
    return value.map((item) => spelledValue(item, type.element));
  }
  const isRecord = type.kind === "STRUCT" && typeof value === "object" && value !== null &&
    !Array.isArray(value);
  return isRecord ? spelled(value as JsonRow, type.fields) : value;
}

/** A type with text at its leaves, in the words of DuckDB's json_transform. */
function structure(type: SqlType): unknown {
  if (type.kind === "ARRAY") return [structure(type.element)];
  if (type.kind !== "STRUCT") return type.kind === "JSON" ? "JSON" : "VARCHAR";
  return Object.fromEntries(type.fields.map(({ name, type }) => [name, structure(type)]));
}

/** SQL that reads rows, given as parameter 1, as text: columns `t0`, `t1`, … and `index`. */
function source(columns: Field[]): string {
  const shape = structure({ kind: "STRUCT", fields: columns });
  const list = columns.map(({ name }, i) => `r.${quote(name)} AS t${i}`).join(", ");
  return `SELECT index, ${list} FROM (
    SELECT json_transform(row, ${literal(JSON.stringify(shape))}) AS r, index FROM (
      SELECT unnest(rows) AS row, unnest(range(len(rows))) AS index
      FROM (SELECT from_json($1::JSON, '["JSON"]') AS rows)))`;
}

/** What is wrong with rows, by their number; at most one problem for each. */
export async function rowProblems(
  connection: DuckDBConnection,
  columns: Field[],
  rows: JsonRow[],
  ignoreUnknownValues: boolean,
): Promise<RowProblem[]> {
  const record: SqlType = { kind: "STRUCT", fields: columns };
  const problems = new Map<number, RowProblem>();
  rows.forEach((row, index) => {
    const found = misshapen(row, record, "", ignoreUnknownValues);
    if (found !== undefined) problems.set(index, { index, ...found });
  });
  const found = await connection.runAndReadAll(
    `SELECT index, problem FROM (SELECT index, ${problemOfRow(columns)} AS problem
      FROM (${source(columns)})) WHERE problem IS NOT NULL`,
    [JSON.stringify(rows)],
  );
  for (const [number, message] of found.getRows() as [bigint, string][]) {
    const index = Number(number);
    const location = /field (\S+)/i.exec(message)?.[1] ?? "";
    if (!problems.has(index)) problems.set(index, { index, location, message });
  }
  return [...problems.values()].sort((a, b) => a.index - b.index);
}

/** Adds rows that have no problems to a table. */
export async function insertRows(
  connection: DuckDBConnection,
  storage: string,
  columns: Field[],
  rows: JsonRow[],
): Promise<void> {
  if (rows.length === 0 || columns.length === 0) return;
  const names = columns.map(({ name }) => quote(name)).join(", ");
  const values = columns.map(({ type }, i) =>
    `CAST(${valueOf(`t${i}`, type)} AS ${duckdbType(type)})`
  );
  await connection.run(
    `INSERT INTO ${storage} (${names}) SELECT ${values.join(", ")}
      FROM (${source(columns)}) ORDER BY index`,
    [JSON.stringify(rows)],
  );
}

type Misfit = Omit<RowProblem, "index">;

/** What has another shape than its column: json_transform would read it as NULL. */
function misshapen(
  value: unknown,
  type: SqlType,
  path: string,
  ignoreUnknown: boolean,
): Misfit | undefined {
  if (value === null || value === undefined || type.kind === "JSON") return undefined;
  if (type.kind === "ARRAY") {
    if (!Array.isArray(value)) {
      const message = "Repeated field must be imported as a JSON array.";
      return { location: path, message };
    }
    return firstOf(
      value,
      (item) =>
        item === null
          ? { location: path, message: "Only optional fields can be set to NULL." }
          : misshapen(item, type.element, path, ignoreUnknown),
    );
  }
  if (Array.isArray(value)) {
    return { location: path, message: `Array specified for non-repeated field: ${path}.` };
  }
  if (type.kind !== "STRUCT") {
    if (typeof value !== "object") return undefined;
    return { location: path, message: `This field: ${path} is not a record.` };
  }
  if (typeof value !== "object") {
    return { location: path, message: `Cannot convert value to a record: ${path}.` };
  }
  return firstOf(Object.entries(value), ([name, inner]) => {
    const at = path === "" ? name : `${path}.${name}`;
    const field = type.fields.find((field) => field.name === name);
    if (field !== undefined) return misshapen(inner, field.type, at, ignoreUnknown);
    return ignoreUnknown ? undefined : { location: at, message: `no such field: ${at}.` };
  });
}

function firstOf<T>(items: T[], check: (item: T) => Misfit | undefined): Misfit | undefined {
  for (const item of items) {
    const found = check(item);
    if (found !== undefined) return found;
  }
}
