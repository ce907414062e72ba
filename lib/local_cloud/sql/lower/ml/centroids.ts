/**
 * ML.CENTROIDS of a k-means model.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-centroids
 */
import type { Field } from "../../../warehouse/types.ts";
import { type MlFunction, optionsOf } from "./call.ts";

const SCHEMA: Field[] = [
  { name: "centroid_id", type: { kind: "INT64" } },
  { name: "feature", type: { kind: "STRING" } },
  { name: "numerical_value", type: { kind: "FLOAT64" } },
  {
    name: "categorical_value",
    type: {
      kind: "ARRAY",
      element: {
        kind: "STRUCT",
        fields: [
          { name: "category", type: { kind: "STRING" } },
          { name: "value", type: { kind: "FLOAT64" } },
        ],
      },
    },
  },
];

/** x = center + scale · z; a feature that never varied (its scale is infinite) is its center. */
const ORIGINAL = "CASE WHEN isinf(scale) THEN center ELSE center + scale * z END";

/** The share of a cluster's rows in each category that any of them has; NULL is `_null_filler`. */
const sharesSql = (storage: string) =>
  `(SELECT centroid_id, position, list({
      'category': coalesce(value, '_null_filler'),
      'value': row_count / cluster_rows} ORDER BY code) AS shares
    FROM (SELECT *, sum(row_count) OVER (PARTITION BY centroid_id, position) AS cluster_rows
      FROM ${storage}_category_counts)
    JOIN ${storage}_categories USING (position, code)
    GROUP BY centroid_id, position)`;

/** One row per centroid and feature, in the units of the input unless `standardize`. */
export const centroids: MlFunction = {
  argumentCount: [1, 2],
  schemas: () => [SCHEMA],
  lower(call, scan) {
    const { storage } = call.model;
    const isStandardized = optionsOf(call, scan, { standardize: "BOOL" }).get("standardize");
    const value = isStandardized === true ? "z" : ORIGINAL;
    return `(SELECT centroid_id AS o0, input AS o1,
        CASE WHEN numeric_index IS NOT NULL THEN ${value} END AS o2,
        coalesce(shares, []) AS o3
      FROM (SELECT *, vector[numeric_index] AS z
        FROM ${storage}_centroids CROSS JOIN ${storage}_features)
      LEFT JOIN ${sharesSql(storage)} USING (centroid_id, position)
      ORDER BY centroid_id, position)`;
  },
};
