/**
 * Google's reference implementation of GoogleSQL: it answers what the compiler does not know, over
 * few rows, and in the tests it is the judge of what the compiler does.
 */
import { CloudError } from "../errors.ts";
import { duckdbType, quote, type SqlType, unstorable } from "../warehouse/types.ts";
import type { Message } from "./analyzer.ts";
import { catalogMessage, type Names } from "./catalog.ts";
import type { Compiler, Resolved, ResolvedView } from "./compile.ts";
import { flatName, flatQuery } from "./flat_paths.ts";
import { flatten } from "./flatten.ts";
import type { TableScan, WireValue } from "./resolved.ts";
import { sqlLiteral } from "./values.ts";
import { wireBytes, wireValue } from "./wire_rows.ts";

/**
 * What it is asked at most, over all tables that a statement names, and answers at most. It keeps
 * all rows in memory and joins them one by one; its process takes no message beyond 4 MiB.
 */
export const FEW = { rows: 10_000, bytes: 4_000_000 };

/** Thrown if there are more rows than {@link FEW}. */
export class TooMany extends Error {
  override name = "TooMany";
  override message = "More rows than the reference implementation is asked to evaluate";
}

/** What it answered, in its order. */
export interface ReferenceRows {
  columns: { name: string; type: SqlType }[];
  rows: WireValue[][];
}

/** Rows of a view, by whoever can compute them: DuckDB SQL with columns `k0`, `k1`, … */
export type ViewRows = (view: ResolvedView) => Promise<string>;

/**
 * Evaluates a resolved query, or the query of a CREATE TABLE AS SELECT.
 *
 * @throws {TooMany} if it would read more than {@link FEW}.
 * @throws {CloudError} `invalidQuery` for what goes wrong in the query, in GoogleSQL's words.
 */
export async function evaluate(
  resolved: Resolved,
  compiler: Compiler,
  viewRows: ViewRows,
): Promise<ReferenceRows> {
  const { names, text, statement } = resolved;
  const { analyzer } = compiler;
  const sql = await flatQuery(text.sql, names.tablePaths, analyzer);
  const flat = await flatNames(names, compiler);
  const answer = await analyzer.ask("evaluateQuery", {
    sql,
    options: await analyzer.options(),
    simpleCatalog: catalogMessage(flat, [], await analyzer.language()),
    tableContent: await contents(resolved, readColumns(statement), compiler, viewRows),
  }).catch((error) => {
    // Its process refuses a message that is too large, whatever was counted here.
    if (/larger than max|Out of memory/i.test(String(error))) throw new TooMany();
    throw error;
  });
  return rowsOf(answer);
}

/** The names with every table at the root, in the bodies of SQL functions too. */
async function flatNames(names: Names, { analyzer }: Compiler): Promise<Names> {
  const routines = [];
  for (const { path, entry } of names.routines) {
    const body = `SELECT ${entry.resource.definitionBody}`;
    const flat = await flatQuery(body, names.tablePaths, analyzer);
    const resource = { ...entry.resource, definitionBody: flat.slice("SELECT ".length) };
    routines.push({ path, entry: { ...entry, resource } });
  }
  return { ...names, routines, tablePaths: names.tablePaths.map((path) => [flatName(path)]) };
}

/** The columns of each table, by its number, that the statement reads. */
function readColumns(node: unknown, found = new Map<number, Set<number>>()) {
  if (typeof node !== "object" || node === null || node instanceof Uint8Array) return found;
  if ((node as TableScan).kind === "TableScan") {
    const { table, columnIndexList } = node as TableScan;
    const number = Number(table.serializationId);
    const columns = found.get(number) ?? new Set();
    found.set(number, columns);
    for (const index of columnIndexList) columns.add(index);
  }
  for (const inner of Object.values(node)) readColumns(inner, found);
  return found;
}

async function contents(
  { names, views }: Resolved,
  read: Map<number, Set<number>>,
  compiler: Compiler,
  viewRows: ViewRows,
): Promise<Message> {
  const content: Message = {};
  let [rows, bytes] = [0, 0];
  for (const [number, entry] of names.tables.entries()) {
    const columns = read.get(number) ?? new Set();
    const list = entry.columns.map(({ name, type }, index) => {
      if (!columns.has(index)) return "NULL";
      return `${entry.type === "VIEW" ? `CAST(k${index} AS ${duckdbType(type)})` : quote(name)}`;
    });
    const from = entry.type === "VIEW" ? `(${await viewRows(views.get(entry)!)})` : entry.storage;
    const reader = await compiler.connection.runAndReadAll(
      `SELECT ${list.join(", ")} FROM ${from} LIMIT ${FEW.rows - rows + 1}`,
    );
    const row = reader.getRows().map((values) => ({
      cell: values.map((value, i) => wireValue(value, entry.columns[i].type)),
    }));
    rows += row.length;
    for (const { cell } of row) for (const value of cell) bytes += wireBytes(value);
    if (rows > FEW.rows || bytes > FEW.bytes) throw new TooMany();
    content[flatName(names.tablePaths[number])] = { tableData: { row } };
  }
  return content;
}

function rowsOf(answer: Message): ReferenceRows {
  const { columns } = answer.prepared as { columns: { name: string; type: Message }[] };
  const content = answer.content as { tableData: { row: { cell: WireValue[] }[] } | null } | null;
  return {
    columns: columns.map(({ name, type }) => ({ name, type: flatten(type) as SqlType })),
    rows: (content?.tableData?.row ?? []).map(({ cell }) => cell),
  };
}

/**
 * The rows as DuckDB SQL with columns `k0`, `k1`, …: to the rest of the engine they are a query that
 * was compiled.
 *
 * @throws {TooMany} if there are more than {@link FEW}.
 */
export function rowsAsSql({ columns, rows }: ReferenceRows): string {
  if (rows.length > FEW.rows) throw new TooMany();
  const names = columns.map((_, i) => `k${i}`);
  if (rows.length === 0) {
    const nulls = columns.map(({ type }, i) => `NULL::${duckdbType(type)} AS k${i}`);
    return `SELECT ${nulls.join(", ") || "1 AS k0"} WHERE FALSE`;
  }
  const values = rows.map((row) =>
    `(${columns.map(({ type }, i) => sqlLiteral(row[i], type)).join(", ")})`
  );
  return `SELECT * FROM (VALUES ${values.join(", ")}) AS made(${names.join(", ")})`;
}

/** The first column's type that DuckDB has no type for. */
export const unstorableColumn = ({ columns }: ReferenceRows): string | undefined =>
  columns.map(({ type }) => unstorable(type)).find((kind) => kind !== undefined);

/** Whether an error says that the reference implementation itself lacks something. */
export const isUnknownToReference = (error: unknown): boolean =>
  error instanceof CloudError && error.reason === "notImplemented";
