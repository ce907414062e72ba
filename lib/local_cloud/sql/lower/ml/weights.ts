/**
 * ML.WEIGHTS of a matrix factorization model.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-weights
 */
import { textSql } from "../../../warehouse/features.ts";
import { type FactorizationSpec, specOf } from "../../../warehouse/model_spec.ts";
import type { Field } from "../../../warehouse/types.ts";
import { stringLiteral } from "../../values.ts";
import { type MlFunction, optionsOf } from "./call.ts";

const SCHEMA: Field[] = [
  { name: "processed_input", type: { kind: "STRING" } },
  { name: "feature", type: { kind: "STRING" } },
  {
    name: "factor_weights",
    type: {
      kind: "ARRAY",
      element: {
        kind: "STRUCT",
        fields: [
          { name: "factor", type: { kind: "INT64" } },
          { name: "weight", type: { kind: "FLOAT64" } },
        ],
      },
    },
  },
  { name: "intercept", type: { kind: "FLOAT64" } },
];

/** One row per user and per item of training, and one for the global intercept. */
export const weights: MlFunction = {
  argumentCount: [1, 1],
  schemas: () => [SCHEMA],
  lower(call, scan) {
    optionsOf(call, scan, {});
    const { storage } = call.model;
    const { user, item } = specOf(call.model) as FactorizationSpec;
    return `(${side(`${storage}_users`, user)}
      UNION ALL ${side(`${storage}_items`, item)}
      UNION ALL SELECT NULL AS o0, 'global__INTERCEPT__' AS o1, [] AS o2, global_intercept AS o3
        FROM ${storage}_intercept)`;
  },
};

const side = (table: string, { name, type }: Field): string =>
  `SELECT ${stringLiteral(name)} AS o0, ${textSql("id", type)} AS o1, list_transform(factors,
    lambda w, i: {'factor': i, 'weight': w}) AS o2, intercept AS o3 FROM ${table}`;
