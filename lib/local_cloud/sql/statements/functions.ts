/** CREATE FUNCTION in SQL, and DROP FUNCTION. */
import { shown } from "../catalog.ts";
import type { RunStatement } from "../execution.ts";
import { notFound } from "../../errors.ts";
import type { SqlType } from "../../warehouse/types.ts";
import { Unsupported } from "../lower/lowering.ts";
import { type CreateMode, ddlOutcome, operationOf, pathOf, targetOf } from "./targets.ts";
import { typeName } from "../../warehouse/types.ts";

interface Signature {
  argument: { kind: string; type?: SqlType }[];
}

export const createFunction: RunStatement = async (resolved, execution) => {
  const { statement } = resolved;
  const { warehouse, request } = execution;
  if (statement.language !== "SQL") throw new Unsupported(`A function in ${statement.language}`);
  if (statement.isAggregate) throw new Unsupported("CREATE AGGREGATE FUNCTION");
  if (statement.createScope === "CREATE_TEMP") throw new Unsupported("CREATE TEMP FUNCTION");
  // A body is resolved anew at each call, where our names for calls of ML functions mean nothing.
  if (resolved.names.mlCalls.length > 0) {
    throw new Unsupported("An ML function in a function's body");
  }
  const [dataset, routineId] = await targetOf(pathOf(statement), "Routine", execution);
  const ref = { ...dataset, routineId };
  const types = (statement.signature as Signature).argument.map(({ type }) => type);
  const names = statement.argumentNameList as string[];
  const returnType = statement.hasExplicitReturnType ? statement.returnType as SqlType : undefined;
  return await warehouse.transaction(async (connection) => {
    const there = await warehouse.catalogue.routine(connection, ref);
    const mode = statement.createMode as CreateMode;
    const what = `Routine ${shown(dataset, routineId)}`;
    const operation = operationOf(mode, there !== undefined, what);
    if (operation !== "SKIP" && !request.dryRun) {
      const now = Date.now();
      await warehouse.catalogue.putRoutine(connection, {
        ref,
        created: there?.created ?? now,
        modified: now,
        ddl: resolved.source.trim(),
        resource: {
          routineType: "SCALAR_FUNCTION",
          language: "SQL",
          arguments: names.map((name, i) => ({ name, type: types[i] })),
          returnType,
          returnTypeName: returnType && typeName(returnType),
          definitionBody: String(statement.code),
        },
      });
    }
    return ddlOutcome("CREATE_FUNCTION", operation);
  }, request.signal);
};

export const dropFunction: RunStatement = async ({ statement }, execution) => {
  const { warehouse, request } = execution;
  const [dataset, routineId] = await targetOf(pathOf(statement), "Routine", execution);
  return await warehouse.transaction(async (connection) => {
    const ref = { ...dataset, routineId };
    const there = await warehouse.catalogue.routine(connection, ref);
    if (there === undefined) {
      if (statement.isIfExists) return ddlOutcome("DROP_FUNCTION", "SKIP");
      throw notFound(`Routine ${shown(dataset, routineId)}`);
    }
    if (!request.dryRun) await warehouse.catalogue.removeRoutine(connection, ref);
    return ddlOutcome("DROP_FUNCTION", "DROP");
  }, request.signal);
};
