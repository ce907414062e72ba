/** Files → rows of a table: what all formats have in common. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { CloudError } from "../errors.ts";
import { csvColumns, type CsvOptions, csvSource } from "./csv_files.ts";
import { jsonColumns, jsonSource } from "./json_files.ts";
import { fileError, type LoadFile, type LoadTarget } from "./load_target.ts";
import { insertParquet, parquetColumns } from "./parquet_files.ts";
import { problemOf, valueOf } from "./text_values.ts";
import { duckdbType, type Field, quote } from "./types.ts";

/** How files are to be read. */
export type LoadFormat =
  | { kind: "PARQUET"; enableListInference: boolean }
  | { kind: "JSON" }
  | { kind: "CSV"; options: CsvOptions };

/** The columns that a file itself brings: Parquet's schema, or what its text looks like. */
export function fileColumns(
  connection: DuckDBConnection,
  file: LoadFile,
  format: LoadFormat,
): Promise<Field[]> {
  return inWords(file, () => {
    switch (format.kind) {
      case "PARQUET":
        return parquetColumns(connection, file, format.enableListInference);
      case "JSON":
        return jsonColumns(connection, file);
      case "CSV":
        return csvColumns(connection, file, format.options);
    }
  });
}

/**
 * Adds the rows of a file to a table.
 *
 * @returns how many rows were added, and how many were skipped as unreadable.
 * @throws {CloudError} `invalid`, naming file, field, value and row.
 */
export function insertFile(
  connection: DuckDBConnection,
  file: LoadFile,
  format: LoadFormat,
  target: LoadTarget,
): Promise<{ rows: number; bad: number }> {
  return inWords(file, async () => {
    if (format.kind === "PARQUET") {
      const rows = await insertParquet(connection, file, format.enableListInference, target);
      return { rows, bad: 0 };
    }
    if (file.size === 0) return { rows: 0, bad: 0 };
    const source = format.kind === "JSON"
      ? await jsonSource(connection, file, target)
      : await csvSource(connection, file, format.options, target);
    return await insertText(connection, file, source, target);
  });
}

/** @param source Yields text at its leaves: columns `t0`, `t1`, … for the target's. */
async function insertText(
  connection: DuckDBConnection,
  file: LoadFile,
  source: string,
  { storage, columns, maxBadRecords, connect }: LoadTarget,
): Promise<{ rows: number; bad: number }> {
  const names = columns.map(({ name }) => quote(name)).join(", ");
  const values = columns.map(({ type }, i) =>
    `CAST(${valueOf(`t${i}`, type)} AS ${duckdbType(type)})`
  );
  const problem = problemOfRow(columns);
  const insert = (where: string) =>
    connection.run(
      `INSERT INTO ${storage} (${names}) SELECT ${
        values.join(", ")
      } FROM (${source}) WHERE ${where}`,
    );
  if (maxBadRecords === 0) {
    try {
      const { rowsChanged } = await insert(
        `CASE WHEN ${problem} IS NULL THEN true ELSE error('${UNREADABLE}') END`,
      );
      return { rows: rowsChanged, bad: 0 };
    } catch (error) {
      if (!(error instanceof Error && error.message.includes(UNREADABLE))) throw error;
      throw fileError(file, await firstProblem(await connect(), source, problem));
    }
  }
  const { rowsChanged } = await insert(`${problem} IS NULL`);
  const bad = Number((await connection.runAndReadAll(
    `SELECT count(*) FROM (${source}) WHERE ${problem} IS NOT NULL`,
  )).value(0, 0));
  if (bad <= maxBadRecords) return { rows: rowsChanged, bad };
  throw fileError(file, await firstProblem(await connect(), source, problem));
}

const UNREADABLE = "a row cannot be read";

/** Which row of a source is the first that cannot be read, and why. */
async function firstProblem(
  connection: DuckDBConnection,
  source: string,
  problem: string,
): Promise<string> {
  try {
    const found = await connection.runAndReadAll(
      `SELECT row, problem FROM (SELECT row_number() OVER () AS row, ${problem} AS problem
        FROM (${source})) WHERE problem IS NOT NULL LIMIT 1`,
    );
    return `${found.value(1, 0)}; row: ${found.value(0, 0)}`;
  } finally {
    connection.disconnectSync();
  }
}

/** SQL for the first thing wrong with a row of text. */
export function problemOfRow(columns: Field[]): string {
  return `coalesce(${columns.map((column, i) => problemOf(`t${i}`, column)).join(", ")}, NULL)`;
}

/** DuckDB's complaints about a file, without the path of our copy and its hints. */
async function inWords<T>(file: LoadFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CloudError || !(error instanceof Error)) throw error;
    if (
      /^INTERRUPT|TransactionContext|^(IO|Out of Memory|Internal|FATAL) Error/.test(error.message)
    ) {
      throw error;
    }
    const lines = error.message.replaceAll(file.path, file.name).split(
      /\n\s*\n|\nPossible fixes|\nTry setting/,
    )[0];
    const words = lines.replace(/^[A-Z][A-Za-z ]* Error: /, "").replace(/\s*\n\s*/g, ", ");
    throw fileError(file, words.replace(/\.\s*$/, ""));
  }
}
