/**
 * EXPORT MODEL: a model's SavedModel into a bucket.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-export-model
 */
import { invalidQuery } from "../../errors.ts";
import { exportModel } from "../../warehouse/export_model.ts";
import { completePath } from "../catalog.ts";
import { type Resolved, whereWritten } from "../compile.ts";
import type { RunStatement } from "../execution.ts";
import { Unsupported } from "../lower/lowering.ts";
import { found, typedValue, wanted } from "../option_rules.ts";
import type { Option, Statement } from "../resolved.ts";

export const exportModelStatement: RunStatement = async (resolved, execution) => {
  const { statement } = resolved;
  if (statement.connection !== undefined) throw new Unsupported("EXPORT MODEL WITH CONNECTION");
  const { scope, warehouse, objects, request: { signal, dryRun } } = execution;
  const path = (statement.modelNamePath as string[]).flatMap((part) => part.split("."));
  const [dataset, modelId] = completePath(path, scope, "Model");
  const asked = { ref: { ...dataset, modelId }, uri: uriOf(resolved) };
  await exportModel({ warehouse, buckets: objects }, asked, { signal, dryRun });
  return {
    statementType: "EXPORT_MODEL",
    schema: [],
    referencedTables: [],
    bytesProcessed: 0,
    evaluator: "duckdb",
  };
};

type PlacedOption = Option & Pick<Statement, "place">;

const URI = { type: "STRING" } as const;

/** @throws {CloudError} `invalidQuery`, for an option that is missing, unknown or of another type. */
function uriOf(resolved: Resolved): string {
  const { statement } = resolved;
  let uri: string | undefined;
  for (const option of statement.optionList as PlacedOption[]) {
    const { name, value } = option;
    const where = whereWritten(option.place ?? statement.place, resolved);
    if (name.toUpperCase() === "TRIAL_ID") {
      throw invalidQuery(
        "TRIAL_ID is not supported by the local warehouse: its models have no trials" + where,
      );
    }
    if (name.toUpperCase() !== "URI") throw invalidQuery(`Unknown option: ${name}${where}`);
    const given = typedValue(value, URI);
    if (typeof given !== "string") {
      throw invalidQuery(`Option URI must be ${wanted(URI)}${found(value)}${where}`);
    }
    uri = given;
  }
  if (uri === undefined) {
    throw invalidQuery("EXPORT MODEL needs the option URI: OPTIONS (URI = 'gs://bucket/folder')");
  }
  return uri;
}
