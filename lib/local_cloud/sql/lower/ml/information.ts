/** ML.TRAINING_INFO and ML.FEATURE_INFO: what training noted down. */
import type { Field, ScalarKind } from "../../../warehouse/types.ts";
import { type MlFunction, optionsOf } from "./call.ts";

const fields = (kinds: Record<string, ScalarKind>): Field[] =>
  Object.entries(kinds).map(([name, kind]) => ({ name, type: { kind } }));

/** A table of the model under the names of its columns. */
function stored(suffix: string, schema: Field[]): MlFunction {
  return {
    argumentCount: [1, 1],
    schemas: () => [schema],
    lower(call, scan) {
      optionsOf(call, scan, {});
      const list = schema.map(({ name }, i) => `${name} AS o${i}`);
      return `(SELECT ${list.join(", ")} FROM ${call.model.storage}${suffix})`;
    },
  };
}

const CLUSTER_INFO: Field = {
  name: "cluster_info",
  type: {
    kind: "ARRAY",
    element: {
      kind: "STRUCT",
      fields: fields({ centroid_id: "INT64", cluster_radius: "FLOAT64", cluster_size: "INT64" }),
    },
  },
};

/**
 * One row per iteration. BigQuery's page lists `duration_ms` before `cluster_info`; whether its
 * results have a `learning_rate` for these models is not documented, and here they have none.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-train
 */
export const kmeansTrainingInfo = stored("_training_info", [
  ...fields({ training_run: "INT64", iteration: "INT64", loss: "FLOAT64", duration_ms: "INT64" }),
  CLUSTER_INFO,
]);

/** One row per iteration; `eval_loss` is NULL, as no rows are held back. */
export const factorizationTrainingInfo = stored(
  "_training_info",
  fields({
    training_run: "INT64",
    iteration: "INT64",
    loss: "FLOAT64",
    eval_loss: "FLOAT64",
    duration_ms: "INT64",
  }),
);

/**
 * One row per feature column, with statistics of the training rows.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-feature
 */
export const featureInfo: MlFunction = stored(
  "_features",
  fields({
    input: "STRING",
    min: "FLOAT64",
    max: "FLOAT64",
    mean: "FLOAT64",
    median: "FLOAT64",
    stddev: "FLOAT64",
    category_count: "INT64",
    null_count: "INT64",
    dimension: "INT64",
  }),
);
