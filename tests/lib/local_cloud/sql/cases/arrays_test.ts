import { cases } from "../judge.ts";
import { each, pairs } from "./over.ts";

cases("arrays", [
  "SELECT [1, 2, NULL], ['a'], CAST([] AS ARRAY<INT64>), [STRUCT(1 AS a, 'x' AS b)]",
  "SELECT ARRAY<STRUCT<a INT64, b STRING>>[(1, 'x'), (2, NULL)]",
  "SELECT id, ARRAY_LENGTH(xs), ARRAY_REVERSE(ss), ARRAY_CONCAT(xs, [1], xs) FROM nested",
  "SELECT id, ARRAY_CONCAT(xs, CAST(NULL AS ARRAY<INT64>)) IS NULL FROM nested",
  "SELECT id, ARRAY_TO_STRING(ss, ','), ARRAY_TO_STRING(ss, ''), ARRAY_TO_STRING(ss, '-', '?') FROM nested",
  "SELECT ARRAY_TO_STRING(['a', NULL, ''], ','), ARRAY_TO_STRING(['a', NULL], ',', '?')",
  "SELECT ARRAY_TO_STRING([CAST(NULL AS STRING)], ','), ARRAY_TO_STRING(CAST(NULL AS ARRAY<STRING>), ',')",
  ...["0", "1", "2", "-1", "9223372036854775807", "NULL"].map((n) =>
    `SELECT id, xs[SAFE_OFFSET(${n})], xs[SAFE_ORDINAL(${n})] FROM nested`
  ),
  "SELECT id, xs[SAFE_OFFSET(id - 2)], xs[SAFE_ORDINAL(id - 2)], rs[SAFE_OFFSET(id - 3)].v FROM nested",
  "SELECT id, xs[OFFSET(0)], xs[ORDINAL(1)] FROM nested WHERE id <> 2",
  "SELECT xs[OFFSET(0)] FROM nested WHERE id = 2",
  "SELECT xs[OFFSET(-1)] FROM nested WHERE id = 1",
  "SELECT xs[ORDINAL(0)] FROM nested WHERE id = 1",
  "SELECT [1, 2][OFFSET(1)], [STRUCT(1 AS a)][OFFSET(0)].a, SPLIT('a,b')[OFFSET(1)]",
  "SELECT ARRAY_FIRST(xs), ARRAY_LAST(xs) FROM nested WHERE id <> 2",
  "SELECT ARRAY_FIRST(xs) FROM nested WHERE id = 2",
]);

cases("IN UNNEST", [
  "SELECT a.id, b.id, a.id IN UNNEST(b.xs) FROM nested a, nested b",
  "SELECT id, 'a' IN UNNEST(ss), i IN UNNEST([1, NULL]), i IN UNNEST([7, 42]) FROM nested JOIN numbers USING (id)",
  "SELECT NULL IN UNNEST(CAST([] AS ARRAY<INT64>)), NULL IN UNNEST([1])",
  "SELECT 1 IN UNNEST(CAST(NULL AS ARRAY<INT64>))",
]);

const FROM = ["1", "5", "-3", "NULL"];
cases("GENERATE_ARRAY", [
  ...pairs(FROM, ["1", "5", "-5", "NULL"], [
    "GENERATE_ARRAY(x, y)",
    "GENERATE_ARRAY(x, y, 2)",
    "GENERATE_ARRAY(x, y, -2)",
    "GENERATE_ARRAY(x, y, 9223372036854775807)",
    "GENERATE_ARRAY(x, y, NULL)",
  ]),
  ...each(["1"], "GENERATE_ARRAY(x, 5, 0)"),
  ...each(["1"], "GENERATE_ARRAY(x, 9223372036854775807)"),
]);
