/** The things statements make: where their names lead, and what may already be there. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { alreadyExists, CloudError, notFound } from "../../errors.ts";
import type { DatasetRef, TableEntry, TableRef } from "../../warehouse/catalogue.ts";
import { completePath, shown } from "../catalog.ts";
import type { Execution } from "../execution.ts";
import type { StatementOutcome } from "../mod.ts";
import type { Statement } from "../resolved.ts";

export type CreateMode = "CREATE_DEFAULT" | "CREATE_OR_REPLACE" | "CREATE_IF_NOT_EXISTS";

/** What a CREATE, replacing or not, did. */
export type Operation = NonNullable<StatementOutcome["ddl"]>["operation"];

/** The dataset and name a statement's path means; a dataset that is missing is an error. */
export async function targetOf(
  path: string[],
  what: string,
  { scope, warehouse, connection }: Execution,
): Promise<[DatasetRef, string]> {
  const [dataset, id] = completePath(path.flatMap((part) => part.split(".")), scope, what);
  if (await warehouse.catalogue.dataset(connection, dataset) === undefined) {
    const { projectId, datasetId } = dataset;
    throw notFound(`Dataset ${projectId}:${datasetId} was not found in location ${scope.location}`);
  }
  return [dataset, id];
}

/**
 * What a CREATE does where something of that name is there or not.
 *
 * @throws {CloudError} `duplicate` for a plain CREATE of what is there.
 */
export function operationOf(mode: CreateMode, there: boolean, what: string): Operation {
  if (!there) return "CREATE";
  if (mode === "CREATE_OR_REPLACE") return "REPLACE";
  if (mode === "CREATE_IF_NOT_EXISTS") return "SKIP";
  throw alreadyExists(what);
}

/** A table where a view is meant, or a view where a table is: neither replaces the other. */
export const currentlyA = ({ ref, type }: TableEntry): CloudError =>
  new CloudError(
    "invalid",
    `${
      shown(ref, ref.tableId)
    } is not allowed for this operation because it is currently a ${type}.`,
  );

/** Models and tables of a dataset share their names. */
export async function tableOrModel(
  ref: TableRef,
  { warehouse }: Execution,
  connection: DuckDBConnection,
): Promise<"Table" | "Model" | undefined> {
  const { catalogue } = warehouse;
  if (await catalogue.table(connection, ref)) return "Table";
  const { projectId, datasetId, tableId: modelId } = ref;
  return await catalogue.model(connection, { projectId, datasetId, modelId }) ? "Model" : undefined;
}

export const pathOf = (statement: Statement) => statement.namePath as string[];

/** An outcome of DDL: no rows. */
export function ddlOutcome(
  statementType: string,
  operation: Operation,
  table?: TableRef,
): StatementOutcome {
  return {
    statementType,
    schema: [],
    ddl: { operation, table },
    referencedTables: [],
    bytesProcessed: 0,
    evaluator: "duckdb",
  };
}
