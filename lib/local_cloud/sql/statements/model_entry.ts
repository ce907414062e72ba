/** What CREATE MODEL finds under a model's name, and what it leaves there. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { alreadyExists } from "../../errors.ts";
import type { ModelEntry, ModelRef } from "../../warehouse/catalogue.ts";
import { modelName, type ModelSpec } from "../../warehouse/model_spec.ts";
import type { Resolved } from "../compile.ts";
import type { Execution } from "../execution.ts";
import { type CreateMode, type Operation, operationOf, tableOrModel } from "./targets.ts";

/** What is written of a model: how it is laid out, and the body of REST's Model. */
export interface WrittenModel {
  spec: ModelSpec;
  resource: ModelEntry["resource"];
}

/**
 * What the statement does to what is there.
 *
 * @throws {CloudError} `duplicate`, for a table, or for a model that is not to be replaced.
 */
export async function operationOn(
  ref: ModelRef,
  { statement }: Resolved,
  execution: Execution,
  connection: DuckDBConnection,
): Promise<Operation> {
  const { projectId, datasetId, modelId } = ref;
  const there = await tableOrModel(
    { projectId, datasetId, tableId: modelId },
    execution,
    connection,
  );
  if (there === "Table") throw alreadyExists(`Table ${modelName(ref)}`);
  const mode = statement.createMode as CreateMode;
  return operationOf(mode, there !== undefined, `Model ${modelName(ref)}`);
}

/**
 * Everything or nothing: the tables, and the entry that names them.
 *
 * @param write Writes the model's tables.
 */
export function writeModel(
  ref: ModelRef,
  resolved: Resolved,
  execution: Execution,
  write: (connection: DuckDBConnection, storage: string) => Promise<WrittenModel>,
): Promise<Operation> {
  const { warehouse, request } = execution;
  return warehouse.transaction(async (connection) => {
    const operation = await operationOn(ref, resolved, execution, connection);
    if (operation === "SKIP") return operation;
    const storage = warehouse.newStorage("model");
    const { spec, resource } = await write(connection, storage);
    const now = Date.now();
    const onlyNew = resolved.statement.createMode === "CREATE_DEFAULT";
    await warehouse.catalogue.putModel(connection, {
      ...{ ref, modelType: spec.modelType, storage, resource, created: now, modified: now },
      spec: spec as unknown as Record<string, unknown>,
    }, { onlyNew });
    return operation;
  }, request.signal);
}
