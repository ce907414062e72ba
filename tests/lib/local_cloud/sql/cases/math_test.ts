import { cases } from "../judge.ts";
import { each, over, pairs } from "./over.ts";

const DOUBLES = [
  "1.0",
  "-1.0",
  "0.0",
  "-0.0",
  "CAST('nan' AS FLOAT64)",
  "CAST('inf' AS FLOAT64)",
  "CAST('-inf' AS FLOAT64)",
  "1e308",
  "-1e308",
  "1e-300",
  "710.0",
  "2.5",
  "-2.5",
  "0.5",
  "-0.5",
  "3.7",
  "-0.4",
  "NULL",
];
const PLAIN = "ABS SIGN ROUND TRUNC CEIL FLOOR ATAN TANH ASINH SIN COS IS_NAN IS_INF".split(" ");
const PARTIAL = "SQRT EXP LN LOG10 LOG ASIN ACOS SINH COSH ACOSH ATANH".split(" ");
cases("functions of a FLOAT64", [
  ...over(DOUBLES, PLAIN.map((name) => `${name}(x)`)),
  ...over(DOUBLES, PARTIAL.map((name) => `SAFE.${name}(x)`)),
  ...PARTIAL.flatMap((name) => each(DOUBLES, `${name}(x)`)),
  ...pairs(DOUBLES, DOUBLES, ["IEEE_DIVIDE(x, y)", "SAFE.POW(x, y)"]),
  ...pairs(DOUBLES, DOUBLES, ["GREATEST(x, y)", "LEAST(x, y)", "GREATEST(x, 1, y)"]),
  ...over(["8.0", "0.5", "100.0", "NULL"], ["LOG(x, 2)", "LOG(x, 0.5)", "LOG(3, x)"]),
  ...each(["0.0", "-1.0"], "LOG(x, 2)"),
  ...each(["1.0", "0.0"], "LOG(2, x)"),
  ...pairs(["0.0", "-8.0"], ["0.5", "-1.0"], ["SAFE.POW(x, y)"]),
  ...each(["0.0"], "POW(x, -1)"),
]);

/** Halves as they seem and as they are. */
const HALVES = [
  "2.345",
  "1.005",
  "2.675",
  "0.285",
  "8.345",
  "0.125",
  "-0.125",
  "0.375",
  "56.55",
  "2.3",
  "-2.3",
  "123456.785",
  "1e15",
  "1e300",
  "14.95",
  "15.0",
  "-25.0",
  "0.0",
];
const NUMERICS = [
  "NUMERIC '1.5'",
  "NUMERIC '-1.5'",
  "NUMERIC '2.345'",
  "NUMERIC '-0.000000001'",
  "NUMERIC '-15'",
  "NULL",
];
cases("rounding", [
  ...over(HALVES, [0, 1, 2, 3, 5, 10, -1, -2].flatMap((n) => [`ROUND(x, ${n})`, `TRUNC(x, ${n})`])),
  "SELECT id, ROUND(f, 1), TRUNC(f, 1), ROUND(h, 2), ROUND(f), CEIL(f), FLOOR(f) FROM numbers",
  ...over(NUMERICS, [
    "ROUND(x)",
    "ROUND(x, 1)",
    "ROUND(x, 2)",
    "ROUND(x, -1)",
    "TRUNC(x)",
    "CEIL(x)",
    "FLOOR(x)",
    "ABS(x)",
    "SIGN(x)",
    "GREATEST(x, 0)",
  ]),
  ...each(["NUMERIC '99999999999999999999999999999.5'"], "ROUND(x)"),
]);

cases("functions of other types", [
  "SELECT id, SIGN(i), ROUND(j), CEIL(j), GREATEST(i, j, 5), LEAST(i, j), POW(j, 2) FROM numbers",
  "SELECT id, ABS(i) FROM numbers WHERE id <> 6",
  "SELECT ABS(i) FROM numbers WHERE id = 6",
  "SELECT SAFE.ABS(i) FROM numbers",
  "SELECT id, GREATEST(s, p), LEAST(s, p), GREATEST(s) FROM texts",
  "SELECT id, GREATEST(d, DATE '2020-06-01'), LEAST(ts, TIMESTAMP '2020-06-01') FROM times",
  "SELECT RAND() < 1, RAND() >= 0",
  "SELECT IF(i = 1, 1, ERROR('not one')) FROM numbers WHERE id = 2",
  "SELECT IF(i = 1, 1, ERROR('not one')) FROM numbers",
]);
