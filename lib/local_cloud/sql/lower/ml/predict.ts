/**
 * ML.PREDICT of a k-means model.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-predict
 */
import type { KMeansSpec } from "../../../warehouse/model_spec.ts";
import { specOf } from "../../../warehouse/model_spec.ts";
import { inputOf, type MlFunction, optionsOf } from "./call.ts";
import { distancesSql } from "./distances.ts";
import { measuredRows } from "./kmeans_rows.ts";

/** At most so many centroids are listed with their distances. */
const LISTED = 5;

const BODY = `SELECT
  CAST(NULL AS INT64) AS CENTROID_ID,
  CAST(NULL AS ARRAY<STRUCT<CENTROID_ID INT64, DISTANCE FLOAT64>>) AS NEAREST_CENTROIDS_DISTANCE,
  input.*
FROM input`;

/** The distances, nearest first and on a tie the lowest id first, as far as they are listed. */
const NEAREST_LISTED = `list_transform(
  list_sort(list_transform(distances, lambda d, i: {'DISTANCE': d, 'CENTROID_ID': i}))[1:${LISTED}],
  lambda n: {'CENTROID_ID': n.CENTROID_ID, 'DISTANCE': n.DISTANCE})`;

/** Each row's nearest centroid and the distances to the nearest five, in standardized space. */
export const predict: MlFunction = {
  argumentCount: [2, 3],
  schemas: () => [{ body: BODY }],
  lower(call, scan, lower) {
    optionsOf(call, scan, {});
    const spec = specOf(call.model) as KMeansSpec;
    const input = inputOf(scan, lower)!;
    const measured = distancesSql(call.model.storage, spec, measuredRows(call, spec, input));
    const carried = input.names.map((name, i) => `${name} AS o${i + 2}`);
    return `(SELECT nearest[1].CENTROID_ID AS o0, nearest AS o1, * EXCLUDE (nearest)
      FROM (SELECT ${[`${NEAREST_LISTED} AS nearest`, ...carried]} FROM ${measured}))`;
  },
};
