/** INSERT, UPDATE, DELETE and TRUNCATE. */
import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableEntry } from "../../warehouse/catalogue.ts";
import { type Field, quote } from "../../warehouse/types.ts";
import { newLowering, type Resolved } from "../compile.ts";
import { storedRows, storedValue } from "../stored.ts";
import type { Execution, RunStatement } from "../execution.ts";
import { byPosition } from "../lower/combine.ts";
import { columnName, type Lowering, Unsupported } from "../lower/lowering.ts";
import type { StatementOutcome } from "../mod.ts";
import type { ColumnRef, Expr, ResolvedColumn, Scan, Statement, TableScan } from "../resolved.ts";
import { bytesOf, countOf } from "./measures.ts";

interface DmlValue {
  value: Expr;
}

function refuseClauses(statement: Statement): void {
  for (const clause of ["assertRowsModified", "returning"]) {
    if (statement[clause] !== undefined) throw new Unsupported(`This clause of DML (${clause})`);
  }
}

/** Runs DuckDB SQL that changes a table, and tells how many rows it changed. */
async function change(
  resolved: Resolved,
  execution: Execution,
  entry: TableEntry,
  run: (connection: DuckDBConnection) => Promise<number>,
): Promise<{ rows: number; outcome: Omit<StatementOutcome, "statementType"> }> {
  const { warehouse, request, connection } = execution;
  const outcome = {
    schema: [],
    referencedTables: resolved.names.tables.map(({ ref }) => ref),
    bytesProcessed: await bytesOf(resolved.names.tables, connection),
    evaluator: "duckdb" as const,
  };
  if (request.dryRun) return { rows: 0, outcome };
  const rows = await warehouse.transaction(async (connection) => {
    const rows = await run(connection);
    await warehouse.catalogue.putTable(connection, { ...entry, modified: Date.now() });
    return rows;
  }, request.signal);
  return { rows, outcome };
}

function entryOf(scan: TableScan, { names }: Resolved): TableEntry {
  const entry = names.tables[Number(scan.table.serializationId)];
  if (entry.type === "VIEW") throw new Unsupported("DML on a view", scan.place);
  return entry;
}

const count = async (sql: string, connection: DuckDBConnection) =>
  Number((await connection.run(sql)).rowsChanged);

export const insert: RunStatement = async (resolved, execution) => {
  const { statement } = resolved;
  refuseClauses(statement);
  if (statement.insertMode !== "OR_ERROR") throw new Unsupported(`INSERT ${statement.insertMode}`);
  const entry = entryOf(statement.tableScan as TableScan, resolved);
  const lower = newLowering(resolved);
  const columns = statement.insertColumnList as ResolvedColumn[];
  const rows = statement.query === undefined ? valueRows(statement, lower) : byPosition(
    statement.queryOutputColumnList as ResolvedColumn[],
    lower.from(statement.query as Scan),
  );
  const names = columns.map(({ name }) => quote(name));
  const left = leftOut(entry.columns, columns);
  const list = [...names, ...left.map(({ name }) => quote(name))].join(", ");
  const values = ["*", ...left.map(() => "[]")].join(", ");
  const sql = `INSERT INTO ${entry.storage} (${list}) SELECT ${values} FROM (${
    storedRows(rows, columns, names)
  })`;
  const done = await change(resolved, execution, entry, (connection) => count(sql, connection));
  return {
    ...done.outcome,
    statementType: "INSERT",
    dml: { inserted: done.rows, updated: 0, deleted: 0 },
  };
};

/** The arrays among the columns that rows leave out: what is NULL in others is empty in them. */
export const leftOut = (columns: Field[], given: { name: string }[]): Field[] =>
  columns.filter(({ name, type }) =>
    type.kind === "ARRAY" &&
    !given.some((column) => column.name.toLowerCase() === name.toLowerCase())
  );

function valueRows(statement: Statement, lower: Lowering): string {
  const rows = (statement.rowList as { valueList: DmlValue[] }[]).map(({ valueList }) => {
    const values = valueList.map(({ value }) => {
      if ((value as { kind: string }).kind === "DMLDefault") {
        throw new Unsupported("DEFAULT in DML");
      }
      return lower.expr(value);
    });
    return `(${values.join(", ")})`;
  });
  const width = (statement.insertColumnList as ResolvedColumn[]).length;
  const names = Array.from({ length: width }, (_, i) => `k${i}`);
  return `SELECT * FROM (VALUES ${rows.join(", ")}) AS made(${names.join(", ")})`;
}

/** The table's rows with the number DuckDB knows each by. */
function numbered(scan: TableScan, entry: TableEntry): string {
  const columns = scan.columnList.map((column, i) =>
    `${quote(entry.columns[scan.columnIndexList[i]].name)} AS ${columnName(column)}`
  );
  return `SELECT ${["rowid AS row_number", ...columns].join(", ")} FROM ${entry.storage}`;
}

export const deleteRows: RunStatement = async (resolved, execution) => {
  const { statement } = resolved;
  refuseClauses(statement);
  const scan = statement.tableScan as TableScan;
  const entry = entryOf(scan, resolved);
  const lower = newLowering(resolved);
  const where = lower.expr(statement.whereExpr as Expr);
  const sql = `DELETE FROM ${entry.storage} WHERE rowid IN (SELECT row_number FROM (${
    numbered(scan, entry)
  }) WHERE ${where})`;
  const done = await change(resolved, execution, entry, (connection) => count(sql, connection));
  const dml = { inserted: 0, updated: 0, deleted: done.rows };
  return { ...done.outcome, statementType: "DELETE", dml };
};

export const update: RunStatement = async (resolved, execution) => {
  const { statement } = resolved;
  refuseClauses(statement);
  if (statement.fromScan !== undefined) throw new Unsupported("UPDATE … FROM");
  const scan = statement.tableScan as TableScan;
  const entry = entryOf(scan, resolved);
  const lower = newLowering(resolved);
  const items = statement.updateItemList as { target: Expr; setValue?: DmlValue }[];
  const values = items.map((item, i) => {
    if (item.target.kind !== "ColumnRef" || item.setValue === undefined) {
      throw new Unsupported("UPDATE of a part of a column", item.target.place);
    }
    const { column } = item.target as ColumnRef;
    return {
      name: column.name,
      sql: storedValue(lower.expr(item.setValue.value), column),
      as: `v${i}`,
    };
  });
  const rows = `SELECT row_number, ${
    values.map(({ sql, as }) => `${sql} AS ${as}`).join(", ")
  } FROM (${numbered(scan, entry)}) WHERE ${lower.expr(statement.whereExpr as Expr)}`;
  const set = values.map(({ name, as }) => `${quote(name)} = made.${as}`).join(", ");
  const sql =
    `UPDATE ${entry.storage} AS target SET ${set} FROM (${rows}) AS made WHERE target.rowid = made.row_number`;
  const done = await change(resolved, execution, entry, (connection) => count(sql, connection));
  const dml = { inserted: 0, updated: done.rows, deleted: 0 };
  return { ...done.outcome, statementType: "UPDATE", dml };
};

export const truncate: RunStatement = async (resolved, execution) => {
  const entry = entryOf(resolved.statement.tableScan as TableScan, resolved);
  const done = await change(resolved, execution, entry, async (connection) => {
    const rows = await countOf(entry.storage, connection);
    await connection.run(`DELETE FROM ${entry.storage}`);
    return rows;
  });
  const dml = { inserted: 0, updated: 0, deleted: done.rows };
  return { ...done.outcome, statementType: "TRUNCATE_TABLE", dml };
};
