/** CREATE SCHEMA: a dataset. */
import type { RunStatement } from "../execution.ts";
import { type CreateMode, ddlOutcome, operationOf, pathOf } from "./targets.ts";

export const createSchema: RunStatement = async ({ statement }, { scope, warehouse, request }) => {
  const parts = pathOf(statement).flatMap((part) => part.split("."));
  const [datasetId, ...project] = [...parts].reverse();
  const projectId = project.length > 0 ? project.reverse().join(".") : scope.projectId;
  const ref = { projectId, datasetId };
  return await warehouse.transaction(async (connection) => {
    const there = await warehouse.catalogue.dataset(connection, ref) !== undefined;
    const what = `Dataset ${projectId}:${datasetId}`;
    const operation = operationOf(statement.createMode as CreateMode, there, what);
    if (!request.dryRun && operation === "CREATE") {
      const now = Date.now();
      const { location } = scope;
      await warehouse.catalogue.putDataset(connection, {
        ref,
        location,
        created: now,
        modified: now,
        resource: {},
      });
    }
    return ddlOutcome("CREATE_SCHEMA", operation);
  }, request.signal);
};
