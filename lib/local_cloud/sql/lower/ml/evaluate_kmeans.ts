/**
 * ML.EVALUATE of a k-means model.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-evaluate
 */
import { type KMeansSpec, specOf } from "../../../warehouse/model_spec.ts";
import type { Field } from "../../../warehouse/types.ts";
import type { MlCall } from "../../catalog.ts";
import { inputOf, type MlFunction, type MlInput, optionsOf } from "./call.ts";
import { distancesSql, NEAREST } from "./distances.ts";
import { measuredRows } from "./kmeans_rows.ts";

const SCHEMA: Field[] = ["davies_bouldin_index", "mean_squared_distance"]
  .map((name) => ({ name, type: { kind: "FLOAT64" } }));

/** The distance of two centroids, `a` and `b`. */
function centroidDistance({ distanceType }: KMeansSpec): string {
  if (distanceType === "EUCLIDEAN") return "list_distance(a.vector, b.vector)";
  const norm = (of: string) => `sqrt(list_dot_product(${of}.vector, ${of}.vector))`;
  const norms = `(${norm("a")} * ${norm("b")})`;
  return `CASE WHEN ${norms} = 0 THEN 1
    ELSE sqrt(greatest(0, 1 - list_dot_product(a.vector, b.vector) / ${norms})) END`;
}

/**
 * One row, `davies_bouldin_index` and `mean_squared_distance`, of rows with `centroid_id` and
 * `distance` to it.
 *
 * - Davies–Bouldin (https://doi.org/10.1109/TPAMI.1979.4766909): with s the mean distance of a
 *   cluster's rows to its centroid and d the distance of two centroids, the mean over the clusters i
 *   of max over j ≠ i of (s_i + s_j) / d_ij. Clusters without rows are left out; with fewer than two
 *   it is 0.
 * - Mean squared distance: Σ distance² / rows.
 *
 * Both are NULL without rows. Sums are taken in rising order, so that they are the same bits
 * however DuckDB shares out the rows.
 */
export function clusteringMetricsSql(storage: string, spec: KMeansSpec, assigned: string): string {
  return `(WITH spread AS MATERIALIZED (
      SELECT centroid_id, count(*) AS n, sum(distance ORDER BY distance) / count(*) AS s,
        sum(distance * distance ORDER BY distance) AS squares
      FROM ${assigned} GROUP BY centroid_id
    ), placed AS MATERIALIZED (
      SELECT * FROM spread JOIN ${storage}_centroids USING (centroid_id)
    ), worst AS (
      SELECT coalesce(max((a.s + b.s) / ${centroidDistance(spec)}), 0) AS ratio
      FROM placed a LEFT JOIN placed b ON a.centroid_id <> b.centroid_id GROUP BY a.centroid_id
    )
    SELECT (SELECT sum(ratio ORDER BY ratio) / count(*) FROM worst) AS davies_bouldin_index,
      sum(squares ORDER BY squares) / sum(n) AS mean_squared_distance
    FROM spread)`;
}

/** How tight the clusters are: over the rows given, or as it was over the training rows. */
export const evaluateKMeans: MlFunction = {
  argumentCount: [1, 3],
  schemas: () => [SCHEMA],
  lower(call, scan, lower) {
    optionsOf(call, scan, {});
    const { storage } = call.model;
    const input = inputOf(scan, lower);
    const metrics = input === undefined ? `${storage}_metrics` : evaluated(call, input);
    return `(SELECT davies_bouldin_index AS o0, mean_squared_distance AS o1 FROM ${metrics})`;
  },
};

function evaluated(call: MlCall, input: MlInput): string {
  const { storage } = call.model;
  const spec = specOf(call.model) as KMeansSpec;
  const rows = { ...measuredRows(call, spec, input), carried: [] };
  const assigned = `(SELECT ${NEAREST} AS centroid_id, list_min(distances) AS distance
    FROM ${distancesSql(storage, spec, rows)})`;
  return clusteringMetricsSql(storage, spec, assigned);
}
