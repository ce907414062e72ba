/** How far rows are from the centroids of a k-means model, as DuckDB SQL over the model's tables. */
import type { KMeansSpec } from "../../../warehouse/model_spec.ts";

/** Rows to measure. */
export interface MeasuredRows {
  /** A relation, as it stands in FROM. */
  rows: string;
  /** What to keep of each row, by its name in `rows`. */
  carried: string[];
  /** Each feature of a row, in the order of the model's: a DOUBLE or the VARCHAR of a category. */
  features: string[];
}

/**
 * A relation of the rows with what is carried, and `distances`: a DOUBLE[] over the centroids in
 * the order of their ids.
 *
 * A numeric feature is z = (x − center) / scale, NULL at the training mean. A category seen in
 * training has weight 1 in its own coordinate; one never seen has none. So with n the numeric and w
 * the category coordinates of a centroid c, and s the number of the row's categories that were seen:
 *
 * - EUCLIDEAN: ‖x − c‖² = ‖z − n‖² + ‖w‖² + s − 2·Σ w[category]
 * - COSINE: √(1 − x·c / (‖x‖·‖c‖)), with x·c = z·n + Σ w[category] and ‖x‖² = z·z + s; 1 where either
 *   is zero.
 *
 * Only numbers of the row and of one category per feature are touched, however many there are. A NaN
 * or infinite value makes the distances NaN or infinite.
 */
export function distancesSql(
  storage: string,
  { features, distanceType }: KMeansSpec,
  { rows, carried, features: values }: MeasuredRows,
): string {
  const numeric = features.flatMap(({ kind }, at) => kind === "NUMERIC" ? [at] : []);
  const categorical = features.flatMap(({ kind }, at) => kind === "CATEGORICAL" ? [at] : []);
  const named = values.map((value, at) => `${value} AS v${at}`);
  const z = numeric.map((at, i) =>
    `(coalesce(v${at}, means[${i + 1}]) - centers[${i + 1}]) / scales[${i + 1}]`
  );
  const seen = categorical.map((at) => `(w${at} IS NOT NULL)::BIGINT`).join(" + ") || "0";
  const joins = categorical.map((at) =>
    `LEFT JOIN (SELECT value AS value${at}, weights AS w${at} FROM ${storage}_categories
      WHERE position = ${at}) ON value${at} IS NOT DISTINCT FROM v${at}`
  );
  const weights = categorical.map((at) => `w${at}`);
  const distance = distanceType === "COSINE"
    ? cosine(numeric.length > 0, weights)
    : euclidean(numeric.length > 0, weights);
  return `(SELECT ${[...carried, `list_transform(centroids, lambda p: ${distance}) AS distances`]}
    FROM (SELECT ${[...carried, `[${z}]::DOUBLE[] AS z`, `${seen} AS seen`, ...weights]}
      FROM (SELECT ${[...carried, ...named]} FROM ${rows})
      ${joins.join(" ")} CROSS JOIN ${scalesSql(storage)})
    CROSS JOIN ${centroidsSql(storage, numeric.length)})`;
}

/** One row: means, centers and scales of the numeric features. */
function scalesSql(storage: string): string {
  const list = (name: string) => `list(${name} ORDER BY numeric_index)`;
  return `(SELECT ${list("mean")} AS means, ${list("center")} AS centers, ${
    list("scale")
  } AS scales FROM ${storage}_features WHERE numeric_index IS NOT NULL)`;
}

/** One row: the centroids, each with its numeric part and the squared lengths of its parts. */
function centroidsSql(storage: string, numeric: number): string {
  const fields = [
    "'id': centroid_id",
    `'numeric': vector[1:${numeric}]`,
    `'rest': list_dot_product(vector[${numeric + 1}:], vector[${numeric + 1}:])`,
    "'norm': sqrt(list_dot_product(vector, vector))",
  ];
  return `(SELECT list({${fields}} ORDER BY centroid_id) AS centroids FROM ${storage}_centroids)`;
}

/** Σ w[category] of the row's categories. */
const categoryDot = (weights: string[]) =>
  weights.map((weight) => `coalesce(${weight}[p.id], 0)`).join(" + ");

function euclidean(isNumeric: boolean, weights: string[]): string {
  if (weights.length === 0) return "list_distance(z, p.numeric)";
  const numeric = isNumeric ? "pow(list_distance(z, p.numeric), 2) + " : "";
  // Rounding may leave a little less than nothing.
  return `sqrt(greatest(0, ${numeric}p.rest + seen - 2 * (${categoryDot(weights)})))`;
}

function cosine(isNumeric: boolean, weights: string[]): string {
  const parts = [
    ...isNumeric ? ["list_dot_product(z, p.numeric)"] : [],
    ...weights.length > 0 ? [categoryDot(weights)] : [],
  ];
  const length = `sqrt(${isNumeric ? "list_dot_product(z, z) + " : ""}seen)`;
  return `CASE WHEN p.norm = 0 OR ${length} = 0 THEN 1
    ELSE sqrt(greatest(0, 1 - (${parts.join(" + ")}) / (${length} * p.norm))) END`;
}

/** The id of the nearest centroid, the lowest one on a tie; an expression over `distances`. */
export const NEAREST = "list_position(distances, list_min(distances))";

/**
 * `distances`, each divided by the radius of its centroid's cluster, in the same order. In a cluster
 * without extent only its centroid is near.
 */
export function normalizedDistancesSql(storage: string, measured: string): string {
  return `(SELECT * EXCLUDE (radii), list_transform(distances, lambda d, i:
      CASE WHEN d = 0 THEN 0 WHEN radii[i] = 0 THEN 'inf'::DOUBLE ELSE d / radii[i] END
    ) AS normalized_distances
    FROM ${measured}
    CROSS JOIN (SELECT list(radius ORDER BY centroid_id) AS radii FROM ${storage}_centroids))`;
}
