/** CREATE TABLE, with and without AS SELECT, and CREATE VIEW. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { alreadyExists } from "../../errors.ts";
import type { TableEntry, TableRef } from "../../warehouse/catalogue.ts";
import { duckdbType, type Field, quote, type SqlType, unstorable } from "../../warehouse/types.ts";
import { shown } from "../catalog.ts";
import { compileQuery, outputSchema, type Resolved } from "../compile.ts";
import { storedRows } from "../stored.ts";
import type { Execution, RunStatement } from "../execution.ts";
import { answered } from "../fallback.ts";
import { Unsupported } from "../lower/lowering.ts";
import type { StatementOutcome } from "../mod.ts";
import type { OutputColumn, Scan, Statement } from "../resolved.ts";
import { bytesOf } from "./measures.ts";
import {
  type CreateMode,
  currentlyA,
  ddlOutcome,
  type Operation,
  operationOf,
  pathOf,
  tableOrModel,
  targetOf,
} from "./targets.ts";

interface ColumnDefinition {
  name: string;
  type: SqlType;
  annotations?: { notNull?: boolean };
}

/**
 * Clauses that would make another table than the rest of the statement says. PARTITION BY, CLUSTER BY
 * and OPTIONS only say how BigQuery lays rows out: they are accepted and change nothing here.
 */
const UNKNOWN_CLAUSES = ["primaryKey", "cloneFrom", "copyFrom", "connection"];

function checkClauses(statement: Statement): void {
  if (statement.createScope === "CREATE_TEMP") throw new Unsupported("CREATE TEMP TABLE");
  const like = (statement.likeTable as { name?: string } | undefined)?.name;
  if (like) throw new Unsupported("CREATE TABLE LIKE");
  const clause = UNKNOWN_CLAUSES.find((name) => statement[name] !== undefined);
  if (clause !== undefined) throw new Unsupported(`CREATE TABLE with ${clause}`);
}

/** Makes a table whose rows `fill` puts into a fresh DuckDB table, or skips it if it is there. */
async function putTable(
  ref: TableRef,
  columns: Field[],
  mode: CreateMode,
  execution: Execution,
  fill: (storage: string, connection: DuckDBConnection) => Promise<unknown>,
): Promise<Operation> {
  const { warehouse, request } = execution;
  const operation = await existing(ref, "TABLE", mode, execution, execution.connection);
  if (operation === "SKIP" || request.dryRun) return operation;
  return await warehouse.retried(async (connection) => {
    const storage = warehouse.newStorage("table");
    await fill(storage, connection);
    const again = await existing(ref, "TABLE", mode, execution, connection);
    if (again === "SKIP") {
      await connection.run(`DROP TABLE ${storage}`);
      return again;
    }
    const now = Date.now();
    const entry: TableEntry = {
      ref,
      type: "TABLE",
      columns,
      storage,
      created: now,
      modified: now,
      resource: {},
    };
    await warehouse.catalogue.putTable(connection, entry, { onlyNew: again === "CREATE" });
    return again;
  }, request.signal);
}

async function existing(
  ref: TableRef,
  type: TableEntry["type"],
  mode: CreateMode,
  execution: Execution,
  connection: DuckDBConnection,
): Promise<Operation> {
  const entry = await execution.warehouse.catalogue.table(connection, ref);
  const isOther = entry !== undefined && entry.type !== type;
  if (isOther && mode === "CREATE_OR_REPLACE") throw currentlyA(entry);
  const there = await tableOrModel(ref, execution, connection);
  if (there === "Model") throw alreadyExists(`Model ${shown(ref, ref.tableId)}`);
  return operationOf(mode, there !== undefined, `Table ${shown(ref, ref.tableId)}`);
}

export const createTable: RunStatement = async ({ statement }, execution) => {
  checkClauses(statement);
  const ref = await tableRef(statement, execution);
  const columns = (statement.columnDefinitionList as ColumnDefinition[]).map((column) => ({
    name: column.name,
    type: column.type,
    ...(column.annotations?.notNull ? { required: true } : {}),
  }));
  const definitions = columns.map(({ name, type, required }) => {
    const kind = unstorable(type);
    if (kind !== undefined) throw new Unsupported(`A column of type ${kind}`);
    return `${quote(name)} ${duckdbType(type)}${required ? " NOT NULL" : ""}`;
  });
  const mode = statement.createMode as CreateMode;
  const operation = await putTable(
    ref,
    columns,
    mode,
    execution,
    (storage, connection) => connection.run(`CREATE TABLE ${storage} (${definitions.join(", ")})`),
  );
  return ddlOutcome("CREATE_TABLE", operation, ref);
};

async function tableRef(statement: Statement, execution: Execution): Promise<TableRef> {
  const [dataset, tableId] = await targetOf(pathOf(statement), "Table", execution);
  return { ...dataset, tableId };
}

export const createTableAsSelect: RunStatement = async (resolved, execution) => {
  const { statement, names } = resolved;
  checkClauses(statement);
  const ref = await tableRef(statement, execution);
  const output = statement.outputColumnList as OutputColumn[];
  const schema = outputSchema(output);
  const mode = statement.createMode as CreateMode;
  const bytesProcessed = await bytesOf(names.tables, execution.connection);
  const query = [output, statement.query as Scan] as [OutputColumn[], Scan];
  return await answered(query, resolved, execution, async ({ sql, evaluator }) => ({
    ...ddlOutcome(
      "CREATE_TABLE_AS_SELECT",
      await writeTable(ref, schema, sql, mode, execution),
      ref,
    ),
    referencedTables: names.tables.map((table) => table.ref),
    bytesProcessed,
    evaluator,
  }));
};

/** Makes a table of a compiled query's rows. */
export function writeTable(
  ref: TableRef,
  schema: Field[],
  sql: string,
  mode: CreateMode,
  execution: Execution,
): Promise<Operation> {
  const rows = storedRows(sql, schema, schema.map(({ name }) => quote(name)));
  return putTable(
    ref,
    schema,
    mode,
    execution,
    (storage, connection) => connection.run(`CREATE TABLE ${storage} AS ${rows}`),
  );
}

export const createView: RunStatement = async (
  resolved: Resolved,
  execution,
): Promise<StatementOutcome> => {
  const { statement } = resolved;
  const ref = await tableRef(statement, execution);
  const output = statement.outputColumnList as OutputColumn[];
  const columns = outputSchema(output);
  // Compiled now so that what cannot run is refused now.
  compileQuery(output, statement.query as Scan, resolved);
  const { warehouse, request, connection } = execution;
  const mode = statement.createMode as CreateMode;
  const operation = await existing(ref, "VIEW", mode, execution, connection);
  if (operation === "SKIP" || request.dryRun) return ddlOutcome("CREATE_VIEW", operation, ref);
  const done = await warehouse.retried(async (connection) => {
    const again = await existing(ref, "VIEW", mode, execution, connection);
    if (again === "SKIP") return again;
    const now = Date.now();
    const entry: TableEntry = {
      ref,
      type: "VIEW",
      columns,
      storage: "",
      viewQuery: viewQuery(resolved),
      created: now,
      modified: now,
      resource: {},
    };
    await warehouse.catalogue.putTable(connection, entry, { onlyNew: again === "CREATE" });
    return again;
  }, request.signal);
  return ddlOutcome("CREATE_VIEW", done, ref);
};

/** The view's query as it was written: the analyzer's text has our names for calls of ML functions. */
function viewQuery({ statement, names, text, source }: Resolved): string {
  const query = String(statement.sql);
  if (names.mlCalls.length === 0) return query;
  const start = text.sql.lastIndexOf(query);
  return source.slice(text.original(start), text.original(start + query.length));
}
