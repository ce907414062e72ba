/** CSV files. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { compression } from "./compression.ts";
import { columnsOf, sqlTypeOf } from "./duckdb_types.ts";
import { fileError, type LoadFile, type LoadTarget } from "./load_target.ts";
import { literal } from "./text_values.ts";
import type { Field, ScalarKind } from "./types.ts";

/** BigQuery's options of a CSV load. */
export interface CsvOptions {
  /** Lines before the first row; detected (0 or 1) if it is not given and columns are detected. */
  skipLeadingRows?: number;
  /** One character. */
  fieldDelimiter: string;
  /** One character, or empty for none. */
  quote: string;
  /** Unquoted text that stands for NULL. */
  nullMarker: string;
  allowQuotedNewlines: boolean;
  /** Whether columns may be missing at the end of a line. */
  allowJaggedRows: boolean;
}

/** Options of DuckDB's reader. */
async function common(file: LoadFile, options: CsvOptions): Promise<string> {
  const mark = literal(options.quote);
  return `${literal(file.path)}, delim = ${literal(options.fieldDelimiter)}, quote = ${mark},
    escape = ${mark}, compression = '${await compression(file.path)}'`;
}

const PREFIX: Partial<Record<ScalarKind, string>> = { FLOAT64: "double" };

/** What the beginning of a file looks like. */
interface Looks {
  /** Lines before the first row, with the header if there is one. */
  leading: number;
  header?: string[];
  kinds: ScalarKind[];
}

/** The columns that a file's text looks like, named by its header if it has one. */
export async function csvColumns(
  connection: DuckDBConnection,
  file: LoadFile,
  options: CsvOptions,
): Promise<Field[]> {
  if (file.size === 0) return [];
  const { header, kinds } = await looks(connection, file, options);
  return kinds.map((kind, position) => {
    const made = `${PREFIX[kind] ?? kind.toLowerCase()}_field_${position}`;
    const name = header?.[position]?.trim().replace(/\W/g, "_");
    return { name: name || made, type: { kind } };
  });
}

/**
 * BigQuery's rule: the first line is a header if it has text only and other lines have not. If lines
 * are to be skipped the last of them is it, and none is if 0 is said.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/schema-detect#csv_header
 */
async function looks(
  connection: DuckDBConnection,
  file: LoadFile,
  options: CsvOptions,
): Promise<Looks> {
  const asked = options.skipLeadingRows;
  const before = Math.max(0, (asked ?? 0) - 1);
  const reader = async (skip: number, more: string) =>
    `SELECT * FROM read_csv(${await common(file, options)}, header = false, skip = ${skip},
      nullstr = ${literal(options.nullMarker)}, sample_size = -1${more})`;
  const kindsFrom = async (skip: number) =>
    (await columnsOf(connection, await reader(skip, ""))).map(({ type }) =>
      detected(sqlTypeOf(type)?.kind as ScalarKind | undefined)
    );
  if (asked === 0) return { leading: 0, kinds: await kindsFrom(0) };
  const [first] = (await connection.runAndReadAll(
    `${await reader(before, ", all_varchar = true")} LIMIT 1`,
  )).getRows() as (string | null)[][];
  const header = (first ?? []).map((cell) => cell ?? "");
  const kinds = await kindsFrom(before + 1).catch(() => [] as ScalarKind[]); // only one line
  const isHeader = asked !== undefined ||
    (header.every(isText) && kinds.some((kind) => kind !== "STRING"));
  if (!isHeader) return { leading: 0, kinds: await kindsFrom(0) };
  const leading = before + 1;
  return { leading, header, kinds: header.map((_, i) => kinds[i] ?? "STRING") };
}

const isText = (cell: string) => !/^\s*([+-]?[0-9.].*|true|false|)\s*$/i.test(cell);

function detected(kind?: ScalarKind): ScalarKind {
  if (kind === "DATETIME") return "TIMESTAMP";
  const plain: (ScalarKind | undefined)[] = [
    "BOOL",
    "INT64",
    "FLOAT64",
    "DATE",
    "TIME",
    "TIMESTAMP",
  ];
  return plain.includes(kind) ? kind! : "STRING";
}

/** The options with the lines to skip found out, for a load whose columns are detected. */
export async function withHeader(
  connection: DuckDBConnection,
  file: LoadFile,
  options: CsvOptions,
): Promise<CsvOptions> {
  if (file.size === 0) return options;
  const { leading } = await looks(connection, file, options);
  return { ...options, skipLeadingRows: leading };
}

/**
 * SQL that reads a file as text, as columns `t0`, `t1`, ….
 *
 * @throws {CloudError} `invalid`, for a RECORD or ARRAY, which CSV has none of.
 */
export async function csvSource(
  _connection: DuckDBConnection,
  file: LoadFile,
  options: CsvOptions,
  { columns, ignoreUnknownValues }: Pick<LoadTarget, "columns" | "ignoreUnknownValues">,
): Promise<string> {
  const nested = columns.find(({ type }) => type.kind === "ARRAY" || type.kind === "STRUCT");
  if (nested !== undefined) {
    throw fileError(file, `CSV has no nested or repeated fields, as ${nested.name} is`);
  }
  const names = columns.map((_, i) => `t${i}`);
  const types = names.map((name) => `'${name}': 'VARCHAR'`).join(", ");
  // With padding, DuckDB reads quoted newlines right only in one thread.
  const padding = options.allowJaggedRows ? "null_padding = true, parallel = false," : "";
  const source = `SELECT * FROM read_csv(${await common(file, options)}, auto_detect = false,
    header = false, skip = ${options.skipLeadingRows ?? 0}, nullstr = ${
    literal(options.nullMarker)
  },
    allow_quoted_nulls = false, strict_mode = ${!ignoreUnknownValues}, ${padding}
    columns = {${types}})`;
  if (options.allowQuotedNewlines) return source;
  const broken = names.map((name) => `contains(${name}, chr(10))`).join(" OR ");
  const message = literal("Quoted text has a newline in it: set allowQuotedNewlines");
  return `SELECT * FROM (${source}) WHERE CASE WHEN ${broken} THEN error(${message}) ELSE true END`;
}
