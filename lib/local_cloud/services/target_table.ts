/** The table that a load or copy job writes into. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { alreadyExists, CloudError, notFound } from "../errors.ts";
import type { TableEntry, TableRef } from "../warehouse/catalogue.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import { countRows, createStorage } from "../warehouse/table_storage.ts";
import { type Field, typeName } from "../warehouse/types.ts";
import { columnNamed, tableName } from "./schema_change.ts";
import { newTableEntry, widened } from "./tables.ts";

/** What a job says of its destination. */
export interface Target {
  ref: TableRef;
  writeDisposition: "WRITE_EMPTY" | "WRITE_APPEND" | "WRITE_TRUNCATE";
  createDisposition: "CREATE_IF_NEEDED" | "CREATE_NEVER";
  /** Whether an append may add columns. Default false. */
  allowFieldAddition?: boolean;
  /** What describes a table that is made: labels, description, friendlyName. */
  properties?: Record<string, unknown>;
}

/**
 * Makes the destination ready for rows of `columns`: a new storage, or that of the table that is
 * there. It is put into the catalogue as part of the transaction of `c`.
 *
 * @param columns Columns of the rows; without, those of the table that is there.
 * @throws {CloudError} `notFound`, `duplicate` for WRITE_EMPTY on a table with rows, `invalid` for
 *   columns that do not fit.
 */
export async function openTarget(
  warehouse: Warehouse,
  c: DuckDBConnection,
  target: Target,
  columns?: Field[],
): Promise<TableEntry> {
  const { ref, writeDisposition, createDisposition } = target;
  const { catalogue } = warehouse;
  if (await catalogue.dataset(c, ref) === undefined) {
    throw notFound(`Dataset ${ref.projectId}:${ref.datasetId}`);
  }
  const there = await catalogue.table(c, ref);
  if (there === undefined && createDisposition === "CREATE_NEVER") {
    throw notFound(`Table ${tableName(ref)}`);
  }
  if (there?.type === "VIEW") {
    throw new CloudError(
      "invalid",
      `${tableName(ref)} is not allowed for this operation because it is currently a VIEW.`,
    );
  }
  const entry = there === undefined || writeDisposition === "WRITE_TRUNCATE"
    ? await fresh(warehouse, c, { ...target, there, columns })
    : await existing(c, there, target, columns);
  // Two that append to a table neither of them found must not each make one.
  const onlyNew = there === undefined && writeDisposition !== "WRITE_TRUNCATE";
  await catalogue.putTable(c, { ...entry, modified: Date.now() }, { onlyNew });
  return entry;
}

async function fresh(
  warehouse: Warehouse,
  c: DuckDBConnection,
  { ref, properties, there, columns }: Target & { there?: TableEntry; columns?: Field[] },
): Promise<TableEntry> {
  const all = columns ?? there?.columns;
  if (all === undefined || all.length === 0) {
    throw new CloudError(
      "invalid",
      `No schema specified on job or table ${tableName(ref)}.`,
      "schema",
    );
  }
  const made = newTableEntry(ref, all, warehouse.newStorage("table"));
  await createStorage(c, made.storage, all);
  const resource = { ...there?.resource, ...properties };
  return { ...made, created: there?.created ?? made.created, resource };
}

async function existing(
  c: DuckDBConnection,
  there: TableEntry,
  { ref, writeDisposition, allowFieldAddition }: Target,
  columns?: Field[],
): Promise<TableEntry> {
  if (writeDisposition === "WRITE_EMPTY" && await countRows(c, there.storage) > 0) {
    throw alreadyExists(`Table ${tableName(ref)}`);
  }
  if (columns === undefined) return there;
  if (there.columns.length === 0) return await widened(c, there, columns);
  const mismatch = (why: string, field: string) =>
    new CloudError(
      "invalid",
      `Provided Schema does not match Table ${tableName(ref)}. ${why}`,
      field,
    );
  const added = columns.filter(({ name }) => columnNamed(there.columns, name) === undefined);
  if (added.length > 0 && !allowFieldAddition) {
    throw mismatch(`Cannot add fields (field: ${added[0].name})`, added[0].name);
  }
  for (const { name, type } of there.columns) {
    const given = columnNamed(columns, name);
    const [was, is] = [typeName(type), typeName(given?.type ?? type)];
    if (was !== is) throw mismatch(`Field ${name} has changed type from ${was} to ${is}`, name);
  }
  return added.length === 0 ? there : await widened(c, there, [...there.columns, ...added]);
}
