/** A query's rows into the table that the job names as its destination. */
import { CloudError, notFound } from "../../errors.ts";
import { type Field, quote, typeName } from "../../warehouse/types.ts";
import { storedRows } from "../stored.ts";
import { shown } from "../catalog.ts";
import type { Execution } from "../execution.ts";
import type { Destination } from "../mod.ts";
import { leftOut } from "./dml.ts";
import { countOf } from "./measures.ts";
import type { TableRef } from "../../warehouse/catalogue.ts";
import { writeTable } from "./create_table.ts";
import { currentlyA } from "./targets.ts";

/**
 * @param sql a compiled query.
 * @throws {CloudError} `duplicate` for WRITE_EMPTY on a table with rows, `notFound` for CREATE_NEVER
 * without a table, `invalid` for a schema that does not fit.
 */
export async function writeDestination(
  sql: string,
  schema: Field[],
  { table, writeDisposition, createDisposition }: Destination,
  execution: Execution,
): Promise<void> {
  const { warehouse } = execution;
  const there = await warehouse.catalogue.table(execution.connection, table);
  if (there === undefined && createDisposition === "CREATE_NEVER") {
    throw notFound(`Table ${shown(table, table.tableId)}`);
  }
  if (writeDisposition === "WRITE_TRUNCATE") {
    await writeTable(table, schema, sql, "CREATE_OR_REPLACE", execution);
    return;
  }
  // Another job may make the table first: then these rows are added to it.
  const mode = "CREATE_IF_NOT_EXISTS";
  const isMade = there === undefined &&
    await writeTable(table, schema, sql, mode, execution) === "CREATE";
  if (!isMade) await append(sql, schema, table, writeDisposition === "WRITE_EMPTY", execution);
}

/** Read and written in one transaction, begun anew if another job changed the table meanwhile. */
async function append(
  sql: string,
  schema: Field[],
  table: TableRef,
  onlyEmpty: boolean,
  { warehouse, request }: Execution,
): Promise<void> {
  const name = shown(table, table.tableId);
  const rows = storedRows(sql, schema, schema.map(({ name }) => quote(name)));
  await warehouse.retried(async (connection) => {
    const there = await warehouse.catalogue.table(connection, table);
    if (there === undefined) throw notFound(`Table ${name}`);
    if (there.type === "VIEW") throw currentlyA(there);
    if (onlyEmpty && await countOf(there.storage, connection) > 0) {
      throw new CloudError("duplicate", `Already Exists: Table ${name}`);
    }
    checkAppend(there.columns, schema, name);
    const left = leftOut(there.columns, schema);
    const columns = [...schema, ...left].map((field) => quote(field.name)).join(", ");
    const values = ["*", ...left.map(() => "[]")].join(", ");
    await connection.run(
      `INSERT INTO ${there.storage} (${columns}) SELECT ${values} FROM (${rows})`,
    );
    await warehouse.catalogue.putTable(connection, { ...there, modified: Date.now() });
  }, request.signal);
}

function checkAppend(columns: Field[], schema: Field[], name: string): void {
  for (const field of schema) {
    const column = columns.find((other) => other.name.toLowerCase() === field.name.toLowerCase());
    if (column !== undefined && typeName(column.type) === typeName(field.type)) continue;
    const found = column === undefined ? "not there" : typeName(column.type);
    throw new CloudError(
      "invalid",
      `Provided Schema does not match Table ${name}. Field ${field.name} is ${
        typeName(field.type)
      } in the rows and ${found} in the table.`,
    );
  }
}
