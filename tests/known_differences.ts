/**
 * Queries that the local warehouse answers otherwise than Google's reference implementation does,
 * or that it leaves to it, each with the reason. One that starts to agree fails the run.
 */
export const KNOWN_DIFFERENCES: Record<string, string> = {
  "SELECT AVG(f) FROM UNNEST([CAST('inf' AS FLOAT64), CAST('inf' AS FLOAT64)]) AS f":
    "infinity here, NaN there: the documentation allows either",
  "SELECT AVG(i) FROM numbers":
    "the reference implementation keeps a running mean in FLOAT64, and loses the digits of the largest INT64",
};
