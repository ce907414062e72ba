import { cases } from "../judge.ts";
import { each, over } from "./over.ts";

const BAD_INTS = [
  "'0x'",
  "'1.0'",
  "'1e3'",
  "''",
  "' '",
  "'abc'",
  "'1_0'",
  "'--5'",
  "'9223372036854775808'",
  "'0x8000000000000000'",
  "'1 2'",
  "'- 1'",
  "'\\u00a01'",
  "'\\u0663'",
];
const INTS = [
  "'1'",
  "'-1'",
  "'+1'",
  "' 1 '",
  "'\\t1\\v\\n'",
  "'0x1F'",
  "'-0X1f'",
  "'00012'",
  "'9223372036854775807'",
  "'-9223372036854775808'",
  "'-0x8000000000000000'",
];
cases("STRING to INT64", [
  ...over(INTS, ["CAST(x AS INT64)"]),
  ...over([...INTS, ...BAD_INTS, "NULL"], ["SAFE_CAST(x AS INT64)"]),
  ...each(BAD_INTS, "CAST(x AS INT64)"),
]);

const FLOATS = [
  "'1'",
  "'-1.5'",
  "'.5'",
  "'5.'",
  "' 1E+3 '",
  "'1e400'",
  "'-1e400'",
  "'1e-400'",
  "'1e99999999999'",
  "'inf'",
  "'-Infinity'",
  "'+INF'",
  "'nan'",
  "'-NaN'",
  "'nan(1)'",
  "'0.1'",
  "'2.2250738585072011e-308'",
  "'1.7976931348623159e308'",
  "'123456789012345678901234567890'",
  "'-0'",
  "NULL",
];
const BAD_FLOATS = ["'.'", "'1e'", "'1_0'", "''", "'1f'", "'infi'", "'-'", "'e5'", "'1,5'"];
cases("STRING to FLOAT64", [
  ...over(FLOATS, ["CAST(x AS FLOAT64)", "CAST(CAST(x AS FLOAT64) AS STRING)"]),
  ...over([...FLOATS, ...BAD_FLOATS], ["SAFE_CAST(x AS FLOAT64)"]),
  ...each(BAD_FLOATS, "CAST(x AS FLOAT64)"),
]);

const NUMERICS = [
  "' 1 '",
  "'-1.5'",
  "'.5'",
  "'5.'",
  "'1E+3'",
  "'1e-3'",
  "'1e28'",
  "'99999999999999999999999999999.999999999'",
  "'99999999999999999999999999999.9999999994'",
  "'0.0000000005'",
  "'-0.0000000005'",
  "'0.00000000049999'",
  "'1.5e-9'",
  "'1.4e-9'",
  "'-0'",
  "'0e99999'",
  "'1e-400'",
  "'0.1000000000000000000000000000000000000000001e2'",
  "NULL",
];
const BAD_NUMERICS = ["'.'", "'1e'", "'1e29'", "'inf'", "''", "'1_0'", "'0x1'", "'1e5.5'"];
cases("STRING to NUMERIC", [
  ...over(NUMERICS, ["CAST(x AS NUMERIC)", "CAST(CAST(x AS NUMERIC) AS STRING)"]),
  ...over(NUMERICS, ["CAST(CAST(x AS NUMERIC) AS FLOAT64)"]),
  ...over([...NUMERICS, ...BAD_NUMERICS], ["SAFE_CAST(x AS NUMERIC)"]),
  ...each(BAD_NUMERICS, "CAST(x AS NUMERIC)"),
]);

/** As texts, since the nearest FLOAT64 of a text is what counts. */
const NUMBERS = [
  "'0'",
  "'1'",
  "'0.5'",
  "'-0.5'",
  "'2.5'",
  "'-2.5'",
  "'0.49999999999999994'",
  "'9223372036854774784'",
  "'-9223372036854775808'",
  "'4503599627370497.5'",
  "'0.1'",
  "'0.30000000000000004'",
  "'0.0009765625'",
  "'5e-10'",
  "'4.9999e-10'",
  "'123456789.123456789'",
  "'0.1234567890123456'",
  "'100000'",
  "'1e15'",
  "'123456789012345678'",
  "NULL",
];
const TINY_AND_HUGE = ["'1e-5'", "'0.000123'", "'5e-324'", "'1e20'", "'1e28'", "'1e300'", "'1e23'"];
const NOT_INTS = ["'9223372036854775808'", "'1e300'", "'nan'", "'inf'", "'-inf'", "'-1e19'"];
cases("FLOAT64", [
  ...over(NUMBERS, ["CAST(CAST(x AS FLOAT64) AS INT64)", "CAST(CAST(x AS FLOAT64) AS NUMERIC)"]),
  ...over([...NUMBERS, ...TINY_AND_HUGE, "'-nan'", "'inf'", "'-0'"], [
    "CAST(CAST(x AS FLOAT64) AS STRING)",
    "CAST(-CAST(x AS FLOAT64) AS STRING)",
    "SAFE_CAST(CAST(x AS FLOAT64) AS NUMERIC)",
  ]),
  ...over(NOT_INTS, ["SAFE_CAST(CAST(x AS FLOAT64) AS INT64)"]),
  ...each(NOT_INTS, "CAST(CAST(x AS FLOAT64) AS INT64)"),
  ...each(["'1e30'", "'nan'", "'-inf'"], "CAST(CAST(x AS FLOAT64) AS NUMERIC)"),
  "SELECT id, CAST(n AS FLOAT64), CAST(n AS STRING), SAFE_CAST(n AS INT64) FROM numbers",
  ...over(["NUMERIC '2.5'", "NUMERIC '-2.5'", "NUMERIC '9223372036854775807.4'"], [
    "CAST(x AS INT64)",
  ]),
  ...each(["NUMERIC '9223372036854775807.5'"], "CAST(x AS INT64)"),
]);

cases("BOOL, BYTES and the rest", [
  ...over(["'true'", "'FALSE'", "NULL"], ["CAST(x AS BOOL)"]),
  ...over(["'true'", "'t'", "'1'", "' true'", "''"], ["SAFE_CAST(x AS BOOL)"]),
  ...each(["'t'", "'1'", "''"], "CAST(x AS BOOL)"),
  "SELECT id, CAST(i AS BOOL), CAST(b AS INT64), CAST(b AS STRING), CAST(i AS STRING) FROM numbers",
  "SELECT id, CAST(i AS NUMERIC), CAST(i AS FLOAT64) FROM numbers",
  "SELECT id, CAST(s AS BYTES), SAFE_CAST(y AS STRING) FROM texts",
  ...over(["b'\\xff'", "b'\\xed\\xa0\\x80'", "b'\\xc0\\x80'", "b'\\x00a'", "b'\\xc3\\xa9'"], [
    "SAFE_CAST(x AS STRING)",
  ]),
  ...each(["b'\\xff'"], "CAST(x AS STRING)"),
  "SELECT SAFE_CAST(CAST(s AS INT64) AS STRING) FROM texts",
]);

cases("arrays and structs", [
  "SELECT id, CAST(xs AS ARRAY<STRING>), CAST(xs AS ARRAY<FLOAT64>) FROM nested",
  "SELECT id, CAST(st AS STRUCT<x STRING, y STRING>) FROM nested",
  "SELECT id, CAST(rs AS ARRAY<STRUCT<k STRING, v NUMERIC>>) FROM nested",
  "SELECT [1, 2.5], [STRUCT(1 AS a), STRUCT(2 AS b)], IF(TRUE, 1, 2.5)",
]);
