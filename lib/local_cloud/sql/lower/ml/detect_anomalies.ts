/**
 * ML.DETECT_ANOMALIES of a k-means model.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-detect-anomalies
 */
import { invalidQuery } from "../../../errors.ts";
import { type KMeansSpec, specOf } from "../../../warehouse/model_spec.ts";
import { inputOf, type MlFunction, optionsOf, shownCall } from "./call.ts";
import { distancesSql, normalizedDistancesSql } from "./distances.ts";
import { measuredRows } from "./kmeans_rows.ts";

const BODY = `SELECT
  CAST(NULL AS BOOL) AS is_anomaly,
  CAST(NULL AS FLOAT64) AS normalized_distance,
  CAST(NULL AS INT64) AS CENTROID_ID,
  input.*
FROM input`;

/**
 * The distance above which `contamination` of the n training rows lie: with the distances in rising
 * order, the one at n − round(contamination · n).
 */
const cutoff = (storage: string, contamination: number) =>
  `(SELECT list(normalized_distance ORDER BY normalized_distance)[
    count(*) - round(${contamination} * count(*))::BIGINT] FROM ${storage}_distances)`;

/**
 * Rows far from every centroid: the shortest distance in units of the cluster's radius, the cluster
 * it belongs to, and whether it is above the cut-off. Of the training rows a share of `contamination`
 * is (fewer if distances are equal).
 */
export const detectAnomalies: MlFunction = {
  argumentCount: [3, 3],
  schemas: () => [{ body: BODY }],
  lower(call, scan, lower) {
    const { model } = call;
    const contamination = optionsOf(call, scan, { contamination: "FLOAT64" }).get("contamination");
    if (typeof contamination !== "number" || !(contamination >= 0 && contamination <= 0.5)) {
      throw invalidQuery(
        `${shownCall(call)} needs the option contamination, a number from 0 to 0.5`,
      );
    }
    const spec = specOf(model) as KMeansSpec;
    const input = inputOf(scan, lower)!;
    const measured = distancesSql(model.storage, spec, measuredRows(call, spec, input));
    const carried = input.names.map((name, i) => `${name} AS o${i + 3}`);
    const nearest = "list_position(normalized_distances, list_min(normalized_distances))";
    return `(SELECT o1 > cutoff AS o0, * EXCLUDE (cutoff)
      FROM (SELECT ${["list_min(normalized_distances) AS o1", `${nearest} AS o2`, ...carried]}
        FROM ${normalizedDistancesSql(model.storage, measured)})
      CROSS JOIN (SELECT ${cutoff(model.storage, contamination)} AS cutoff))`;
  },
};
