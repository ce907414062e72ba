import { cases, twins } from "../judge.ts";

cases("aggregates", [
  "SELECT COUNT(*), COUNT(i), COUNT(f), COUNT(DISTINCT g), COUNT(DISTINCT f) FROM numbers",
  "SELECT COUNT(*), COUNT(i), SUM(i), MIN(i), MAX(f), AVG(f), COUNTIF(i > 0) FROM empty",
  "SELECT SUM(i) FROM numbers",
  "SELECT SUM(j), SUM(h), SUM(id) FROM numbers WHERE id < 10",
  "SELECT SUM(f) FROM numbers",
  "SELECT SUM(f) FROM numbers WHERE id IN (1, 2, 8, 9)",
  "SELECT SUM(f) FROM UNNEST([1e308, 1e308]) AS f",
  "SELECT SUM(i) FROM UNNEST([9223372036854775807, 1]) AS i",
  "SELECT SUM(i) FROM UNNEST([9223372036854775807, 1, -1]) AS i",
  "SELECT SUM(n) FROM numbers WHERE id NOT IN (5, 6)",
  "SELECT SUM(n) FROM numbers WHERE id IN (5)",
  "SELECT SUM(n) FROM UNNEST([NUMERIC '99999999999999999999999999999', NUMERIC '1']) AS n",
  "SELECT AVG(n) FROM numbers WHERE id NOT IN (5, 6)",
  "SELECT AVG(n) FROM UNNEST([NUMERIC '1', NUMERIC '0', NUMERIC '0']) AS n",
  "SELECT AVG(n) FROM UNNEST([NUMERIC '-2', NUMERIC '0', NUMERIC '0']) AS n",
  "SELECT AVG(j), AVG(id), AVG(i) FROM numbers WHERE id > 6",
  "SELECT AVG(f) FROM UNNEST([1e308, 1e308]) AS f",
  "SELECT AVG(i) FROM UNNEST([9223372036854775807, 9223372036854775807]) AS i",
  "SELECT AVG(f) FROM UNNEST([CAST('inf' AS FLOAT64), CAST('inf' AS FLOAT64)]) AS f",
  "SELECT AVG(i) FROM numbers",
  "SELECT AVG(f), SUM(f) FROM UNNEST([CAST('inf' AS FLOAT64), CAST('-inf' AS FLOAT64)]) AS f",
  "SELECT MIN(f), MAX(f) FROM numbers",
  "SELECT MIN(f), MAX(f) FROM numbers WHERE id != 3",
  "SELECT MIN(h), MAX(h), MIN(i), MAX(i), MIN(n), MAX(n), MIN(b), MAX(b) FROM numbers",
  "SELECT MIN(s), MAX(s), MIN(y), MAX(y) FROM texts",
  "SELECT MIN(d), MAX(d), MIN(dt), MAX(dt), MIN(t), MAX(t), MIN(ts), MAX(ts) FROM times",
  "SELECT COUNTIF(b), COUNTIF(i > 0), LOGICAL_AND(b), LOGICAL_OR(b) FROM numbers",
  "SELECT LOGICAL_AND(b), LOGICAL_OR(b), COUNTIF(b) FROM numbers WHERE b IS NULL",
  "SELECT BIT_AND(id), BIT_OR(id), BIT_XOR(id) FROM numbers",
  "SELECT BIT_AND(i), BIT_OR(i), BIT_XOR(i) FROM empty",
  "SELECT SUM(DISTINCT i), AVG(DISTINCT i), COUNT(DISTINCT i) FROM numbers WHERE id > 6",
  "SELECT SUM(DISTINCT f), AVG(DISTINCT f) FROM numbers WHERE id IN (1, 2, 8, 9)",
  "SELECT ANY_VALUE(g) FROM numbers WHERE g = 'a'",
  "SELECT ANY_VALUE(i) FROM empty",
  "SELECT g, ANY_VALUE(b HAVING MAX id) AS b FROM numbers GROUP BY g",
  "SELECT MAX(id HAVING MIN n), SUM(id HAVING MAX g), COUNT(*) FROM numbers",
  "SELECT COUNT(DISTINCT s), COUNT(DISTINCT y) FROM texts",
  "SELECT COUNT(DISTINCT d) FROM times",
  "SELECT COUNT(DISTINCT st) FROM nested",
]);

cases("statistics", [
  "SELECT STDDEV(j), STDDEV_POP(j), STDDEV_SAMP(j), VARIANCE(j), VAR_POP(j), VAR_SAMP(j) FROM numbers",
  "SELECT STDDEV(f), VAR_POP(f) FROM numbers WHERE id != 6",
  "SELECT STDDEV(f), VAR_POP(f) FROM numbers WHERE id IN (1, 2, 8, 9)",
  "SELECT STDDEV(i), VAR_POP(i), VAR_SAMP(i) FROM UNNEST([5]) AS i",
  "SELECT STDDEV(i), VAR_POP(i) FROM empty",
  "SELECT VARIANCE(n), STDDEV_POP(n) FROM numbers WHERE id NOT IN (5, 6)",
  "SELECT g, STDDEV(j) FROM numbers GROUP BY g",
  "SELECT CORR(j, h), COVAR_POP(j, h), COVAR_SAMP(j, h) FROM numbers WHERE id < 10",
  "SELECT CORR(j, h), COVAR_POP(j, h) FROM numbers",
  "SELECT CORR(x, x), COVAR_SAMP(x, x) FROM UNNEST([1.5]) AS x",
  "SELECT CORR(f, f), COVAR_POP(f, f) FROM empty",
  "SELECT CORR(x, 2.0) FROM UNNEST([1.5, 2.5]) AS x",
]);

cases("aggregates of text and arrays", [
  "SELECT STRING_AGG(s ORDER BY s) FROM texts",
  "SELECT STRING_AGG(s, ' | ' ORDER BY id DESC) FROM texts WHERE id > 3",
  "SELECT STRING_AGG(s, '' ORDER BY id LIMIT 4) FROM texts",
  "SELECT STRING_AGG(DISTINCT g, '-' ORDER BY g) FROM numbers",
  "SELECT STRING_AGG(DISTINCT g, '-' ORDER BY g DESC LIMIT 2) FROM numbers",
  "SELECT STRING_AGG(s) FROM empty",
  "SELECT STRING_AGG(y, b'-' ORDER BY id) FROM texts",

  "SELECT g, STRING_AGG(CAST(id AS STRING), ', ' ORDER BY id) AS ids FROM numbers GROUP BY g",
  "SELECT ARRAY_AGG(id ORDER BY f, id) FROM numbers",
  "SELECT ARRAY_AGG(id ORDER BY f DESC, id DESC LIMIT 3) FROM numbers",
  "SELECT ARRAY_AGG(i IGNORE NULLS ORDER BY i) FROM numbers",
  "SELECT ARRAY_AGG(i IGNORE NULLS ORDER BY id LIMIT 2) FROM numbers",
  "SELECT ARRAY_AGG(i RESPECT NULLS ORDER BY i NULLS LAST) FROM numbers WHERE id > 6",
  "SELECT ARRAY_AGG(DISTINCT g IGNORE NULLS ORDER BY g) FROM numbers",
  "SELECT ARRAY_AGG(DISTINCT g IGNORE NULLS ORDER BY g DESC LIMIT 2) FROM numbers",
  "SELECT ARRAY_AGG(i) FROM empty",
  "SELECT ARRAY_AGG(i LIMIT 2) FROM empty",
  "SELECT ARRAY_LENGTH(ARRAY_AGG(id LIMIT 5)) FROM numbers",
  "SELECT g, ARRAY_AGG(STRUCT(id, i) ORDER BY id) AS rows_ FROM numbers GROUP BY g",
  "SELECT ARRAY_AGG(st ORDER BY id) FROM nested WHERE st IS NOT NULL",
  "SELECT ARRAY_CONCAT_AGG(xs ORDER BY id) FROM nested",
  "SELECT ARRAY_CONCAT_AGG(xs ORDER BY id DESC LIMIT 2) FROM nested",
  "SELECT ARRAY_CONCAT_AGG(xs) FROM empty",
  "SELECT ARRAY_AGG(s ORDER BY id)[OFFSET(1)], ARRAY_AGG(s ORDER BY id)[SAFE_OFFSET(99)] FROM texts WHERE s IS NOT NULL",
]);

// The reference implementation has none of them: the first five are the documentation's examples.
twins("approximate aggregates", [
  [
    "SELECT APPROX_QUANTILES(x, 2) AS q FROM UNNEST([1, 1, 1, 4, 5, 6, 7, 8, 9, 10]) AS x",
    "SELECT [1, 5, 10] AS q",
  ],
  [
    "SELECT APPROX_QUANTILES(x, 100)[OFFSET(90)] AS q FROM UNNEST([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) AS x",
    "SELECT 9 AS q",
  ],
  [
    "SELECT APPROX_QUANTILES(DISTINCT x, 2) AS q FROM UNNEST([1, 1, 1, 4, 5, 6, 7, 8, 9, 10]) AS x",
    "SELECT [1, 6, 10] AS q",
  ],
  [
    "SELECT APPROX_QUANTILES(x, 2 RESPECT NULLS) AS q FROM UNNEST([NULL, NULL, 1, 1, 1, 4, 5, 6, 7, 8, 9, 10]) AS x",
    "SELECT [NULL, 4, 10] AS q",
  ],
  [
    "SELECT APPROX_QUANTILES(DISTINCT x, 2 RESPECT NULLS) AS q FROM UNNEST([NULL, NULL, 1, 1, 1, 4, 5, 6, 7, 8, 9, 10]) AS x",
    "SELECT [NULL, 6, 10] AS q",
  ],
  ["SELECT APPROX_QUANTILES(i, 2) AS q FROM empty", "SELECT CAST(NULL AS ARRAY<INT64>) AS q"],
  [
    "SELECT APPROX_QUANTILES(f, 1) AS q FROM numbers WHERE f > 0",
    "SELECT [1e-320, CAST('inf' AS FLOAT64)] AS q",
  ],
  [
    "SELECT APPROX_COUNT_DISTINCT(g) AS g, APPROX_COUNT_DISTINCT(f) AS f FROM numbers",
    "SELECT COUNT(DISTINCT g) AS g, COUNT(DISTINCT f) AS f FROM numbers",
  ],
]);

cases("groups", [
  "SELECT g, COUNT(*) AS n, SUM(id) AS s FROM numbers GROUP BY g",
  "SELECT g, b, COUNT(*) FROM numbers GROUP BY g, b",
  "SELECT f, COUNT(*) FROM lefts GROUP BY f",
  "SELECT f, COUNT(*) FROM (SELECT f FROM lefts UNION ALL SELECT f FROM rights) GROUP BY f",
  "SELECT k, ARRAY_AGG(a IGNORE NULLS ORDER BY a) AS names FROM lefts GROUP BY k",
  "SELECT MOD(id, 3) AS m, MAX(id) FROM numbers GROUP BY m",
  "SELECT MOD(id, 3), MAX(id) FROM numbers GROUP BY 1",
  "SELECT g FROM numbers GROUP BY g",
  "SELECT g, COUNT(*) AS n FROM numbers GROUP BY g HAVING COUNT(*) > 2",
  "SELECT g FROM numbers GROUP BY g HAVING MAX(id) > 9 AND g IS NOT NULL",
  "SELECT COUNT(*) AS n FROM numbers HAVING n > 100",

  "SELECT st.b, COUNT(*) FROM nested GROUP BY st.b",
  "SELECT st, COUNT(*) FROM nested GROUP BY st",
  "SELECT g, COUNT(*) FROM numbers WHERE FALSE GROUP BY g",
  "SELECT COUNT(*) FROM (SELECT g FROM numbers GROUP BY g, b)",
  "SELECT a.g, COUNT(*) FROM numbers AS a JOIN numbers AS b ON a.g = b.g GROUP BY a.g",
  "SELECT UPPER(g), SUM(id) + COUNT(*) * 2 FROM numbers GROUP BY UPPER(g)",
  "SELECT g, SUM(IF(b, id, 0)) AS yes, SUM(IF(b, 0, id)) AS other FROM numbers GROUP BY g",
  "SELECT SUM(n) FROM (SELECT g, COUNT(*) AS n FROM numbers GROUP BY g)",
  "SELECT g, MAX(CASE WHEN b THEN i END) FROM numbers GROUP BY g ORDER BY MAX(id) DESC",
  "SELECT d, COUNT(*) FROM times GROUP BY d ORDER BY d",
  "SELECT DISTINCT COUNT(*) OVER (), g FROM numbers",
]);

// The reference implementation has no grouping sets.
const PAIRS = "SELECT g, b, COUNT(*) AS n FROM numbers GROUP BY g, b";
const GS = "SELECT g, NULL, COUNT(*) FROM numbers GROUP BY g";
const BS = "SELECT NULL, b, COUNT(*) FROM numbers GROUP BY b";
const ALL = "SELECT NULL, NULL, COUNT(*) FROM numbers";

twins("grouping sets", [
  [
    "SELECT g, b, COUNT(*) AS n FROM numbers GROUP BY ROLLUP(g, b)",
    [PAIRS, GS, ALL].join(" UNION ALL "),
  ],
  [
    "SELECT g, b, COUNT(*) AS n FROM numbers GROUP BY CUBE(g, b)",
    [PAIRS, GS, BS, ALL].join(" UNION ALL "),
  ],
  [
    "SELECT g, b, COUNT(*) AS n FROM numbers GROUP BY GROUPING SETS (g, b)",
    [PAIRS.replace("GROUP", "WHERE FALSE GROUP"), GS, BS].join(" UNION ALL "),
  ],
  [
    "SELECT g, b, COUNT(*) AS n FROM numbers GROUP BY GROUPING SETS ((g, b), CUBE(g), ROLLUP(b))",
    [PAIRS, GS, ALL, BS, ALL].join(" UNION ALL "),
  ],
  [
    "SELECT g, GROUPING(g) AS total, SUM(id) AS s FROM numbers GROUP BY ROLLUP(g)",
    "SELECT g, 0 AS total, SUM(id) AS s FROM numbers GROUP BY g UNION ALL SELECT NULL, 1, SUM(id) FROM numbers",
  ],
  [
    "SELECT b, GROUPING(b) AS t, COUNT(*) AS n FROM numbers GROUP BY GROUPING SETS (b, ()) HAVING n > 5 OR GROUPING(b) = 1",
    "SELECT CAST(NULL AS BOOL) AS b, 1 AS t, COUNT(*) AS n FROM numbers",
  ],
  [
    "SELECT i, COUNT(*) AS n FROM empty GROUP BY ROLLUP(i)",
    "SELECT CAST(NULL AS INT64) AS i, 0 AS n",
  ],
]);
