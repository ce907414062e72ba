/** DROP TABLE, VIEW, MODEL and SCHEMA. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { CloudError, notFound } from "../../errors.ts";
import type { DatasetRef } from "../../warehouse/catalogue.ts";
import { completePath, shown } from "../catalog.ts";
import type { Execution, RunStatement } from "../execution.ts";
import { Unsupported } from "../lower/lowering.ts";
import type { Statement } from "../resolved.ts";
import { ddlOutcome, pathOf } from "./targets.ts";

/** Removes what is there; false if nothing is. */
type Remove = (
  execution: Execution,
  connection: DuckDBConnection,
  path: string[],
) => Promise<boolean>;

const table = (type: "TABLE" | "VIEW"): Remove => async (execution, connection, path) => {
  const { warehouse: { catalogue }, scope, request } = execution;
  const [dataset, tableId] = completePath(path, scope, "Table");
  const entry = await catalogue.table(connection, { ...dataset, tableId });
  if (entry === undefined) return false;
  if (entry.type !== type) {
    const other = entry.type.toLowerCase();
    throw new CloudError(
      "invalid",
      `${shown(dataset, tableId)} is a ${other}: use DROP ${entry.type}`,
      "query",
    );
  }
  if (!request.dryRun) await catalogue.removeTable(connection, entry.ref);
  return true;
};

const model: Remove = async ({ warehouse: { catalogue }, scope, request }, connection, path) => {
  const [dataset, modelId] = completePath(path, scope, "Model");
  const entry = await catalogue.model(connection, { ...dataset, modelId });
  if (entry !== undefined && !request.dryRun) await catalogue.removeModel(connection, entry.ref);
  return entry !== undefined;
};

function datasetOf(path: string[], { scope }: Execution): DatasetRef {
  const datasetId = path[path.length - 1];
  return { projectId: path.slice(0, -1).join(".") || scope.projectId, datasetId };
}

const schema = (statement: Statement): Remove => async (execution, connection, path) => {
  const { warehouse: { catalogue }, request } = execution;
  const ref = datasetOf(path, execution);
  if (await catalogue.dataset(connection, ref) === undefined) return false;
  const held = [
    ...await catalogue.tables(connection, ref),
    ...await catalogue.models(connection, ref),
    ...await catalogue.routines(connection, ref),
  ];
  if (held.length > 0 && statement.dropMode !== "CASCADE") {
    throw new CloudError(
      "resourceInUse",
      `Dataset ${ref.projectId}:${ref.datasetId} is still in use`,
      "query",
    );
  }
  if (!request.dryRun) await catalogue.removeDataset(connection, ref);
  return true;
};

export const drop: RunStatement = async ({ statement }, execution) => {
  const kind = String(statement.objectType).toUpperCase();
  const path = pathOf(statement).flatMap((part) => part.split("."));
  const removals: Record<string, Remove | undefined> = {
    TABLE: table("TABLE"),
    VIEW: table("VIEW"),
    MODEL: model,
    SCHEMA: schema(statement),
  };
  const remove = removals[kind];
  if (remove === undefined) throw new Unsupported(`DROP ${kind}`);
  const { warehouse, request } = execution;
  return await warehouse.transaction(async (connection) => {
    const dropped = await remove(execution, connection, path);
    if (!dropped && !statement.isIfExists) throw missing(kind, path, execution);
    return ddlOutcome(`DROP_${kind}`, dropped ? "DROP" : "SKIP");
  }, request.signal);
};

function missing(kind: string, path: string[], execution: Execution): CloudError {
  if (kind === "SCHEMA") {
    const { projectId, datasetId } = datasetOf(path, execution);
    return notFound(`Dataset ${projectId}:${datasetId}`);
  }
  const what = kind === "MODEL" ? "Model" : "Table";
  return notFound(`${what} ${shown(...completePath(path, execution.scope, what))}`);
}
