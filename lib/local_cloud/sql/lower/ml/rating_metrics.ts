/** How far predicted ratings are from those given, for explicit feedback. */
import { SCORE } from "./recommend.ts";

export const RATING_METRICS = [
  "mean_absolute_error",
  "mean_squared_error",
  "mean_squared_log_error",
  "median_absolute_error",
  "r2_score",
  "explained_variance",
] as const;

/** Σ of an expression in rising order: the same bits however DuckDB shares out the rows. */
const sum = (value: string) => `sum(${value} ORDER BY ${value})`;

/**
 * One row of metrics over ratings r and predictions p (ML.RECOMMEND's, also for a user or item that
 * was never seen), with e = r − p and n ratings:
 *
 * - mean_absolute_error = Σ|e| / n; median_absolute_error = the median of |e|
 * - mean_squared_error = Σe² / n
 * - mean_squared_log_error = Σ(ln(1 + r) − ln(1 + p))² / n, what is negative taken as 0
 * - r2_score = 1 − Σe² / Σ(r − r̄)²
 * - explained_variance = 1 − Σ(e − ē)² / Σ(r − r̄)²
 *
 * All are NULL without ratings, the last two also where all ratings are equal.
 *
 * @param ratings A relation `user`, `item`, `rating`, without NULLs.
 */
export function ratingMetricsSql(storage: string, ratings: string): string {
  const log = "ln(1 + greatest(r, 0)) - ln(1 + greatest(p, 0))";
  return `(WITH errors AS MATERIALIZED (
      SELECT r, p, r - p AS e FROM (
        SELECT rating AS r, ${SCORE} AS p FROM ${ratings}
        LEFT JOIN ${storage}_users AS u ON u.id = "user"
        LEFT JOIN ${storage}_items AS i ON i.id = item
        CROSS JOIN ${storage}_intercept)
    ), means AS (
      SELECT ${sum("e")} / count(*) AS mean_e, ${sum("r")} / count(*) AS mean_r FROM errors
    ), sums AS (
      SELECT count(*) AS n, ${sum("abs(e)")} AS absolute, ${sum("e * e")} AS squared,
        ${sum(`pow(${log}, 2)`)} AS logarithmic, median(abs(e)) AS median_absolute_error,
        ${sum("pow(e - mean_e, 2)")} AS unexplained, ${sum("pow(r - mean_r, 2)")} AS spread
      FROM errors CROSS JOIN means
    )
    SELECT absolute / nullif(n, 0) AS mean_absolute_error,
      squared / nullif(n, 0) AS mean_squared_error,
      logarithmic / nullif(n, 0) AS mean_squared_log_error,
      median_absolute_error,
      1 - squared / nullif(spread, 0) AS r2_score,
      1 - unexplained / nullif(spread, 0) AS explained_variance
    FROM sums)`;
}
