/** Casts between numbers and truth values. */
import { type CastLowering, message, orFail } from "./lowering.ts";

/**
 * Rounds half away from zero, as `round` does; DuckDB's own cast rounds half to even. The largest
 * DOUBLE below 2^63 still is an INT64, 2^63 is not.
 */
const floatToInt: CastLowering = (value, fail) =>
  `CASE WHEN ${value} >= -9223372036854775808.0::DOUBLE AND ${value} < 9223372036854775808.0::DOUBLE THEN CAST(round(${value}) AS BIGINT) WHEN isfinite(${value}) THEN ${
    fail(message("int64 out of range: ", `printf('%g', ${value})`))
  } WHEN ${value} IS NOT NULL THEN ${
    fail(
      message("Illegal conversion of non-finite floating point number to an integer: ", value),
    )
  } END`;

/**
 * The DOUBLE's exact value, rounded half away from zero at nine digits: DuckDB multiplies by 10^9 as
 * DOUBLE, which rounds twice. Forty digits are enough to tell which side of a half a DOUBLE lies on.
 */
const floatToNumeric: CastLowering = (value, fail) =>
  `CASE WHEN isfinite(${value}) THEN coalesce(TRY_CAST(printf('%.40f', CASE WHEN abs(${value}) < 1e30 THEN ${value} ELSE 1e30 END) AS DECIMAL(38, 9)), ${
    fail(message("numeric out of range: ", `printf('%g', ${value})`))
  }) WHEN ${value} IS NOT NULL THEN ${
    fail(message("Illegal conversion of non-finite floating point number to numeric: ", value))
  } END`;

/** DuckDB divides two DOUBLEs, which rounds twice; the text is read with one rounding. */
const numericToFloat: CastLowering = (value) => `CAST(CAST(${value} AS VARCHAR) AS DOUBLE)`;

const numericToInt: CastLowering = (value, fail) =>
  orFail(
    value,
    `TRY_CAST(${value} AS BIGINT)`,
    fail(message("int64 out of range: ", `rtrim(rtrim(CAST(${value} AS VARCHAR), '0'), '.')`)),
  );

export const NUMBER_CASTS: [string, CastLowering][] = [
  ["BOOL→INT64", (value) => `CAST(${value} AS BIGINT)`],
  ["FLOAT64→INT64", floatToInt],
  ["FLOAT64→NUMERIC", floatToNumeric],
  ["INT64→BOOL", (value) => `(${value} <> 0)`],
  ["INT64→FLOAT64", (value) => `CAST(${value} AS DOUBLE)`],
  ["INT64→NUMERIC", (value) => `CAST(${value} AS DECIMAL(38, 9))`],
  ["NUMERIC→FLOAT64", numericToFloat],
  ["NUMERIC→INT64", numericToInt],
];
