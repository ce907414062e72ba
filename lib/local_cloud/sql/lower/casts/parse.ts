/**
 * Casts from STRING to numbers and truth values. DuckDB reads more than GoogleSQL does (`1.5` as an
 * INT64, `1_000`, `yes`), so a pattern decides first and DuckDB only computes.
 */
import { type CastLowering, type Fail, message } from "./lowering.ts";
import { refuse } from "../lowering.ts";

/** A pattern as a literal of DuckDB, anchored by `regexp_full_match`. */
const pattern = (text: string) => `'${text.replaceAll("'", "''")}'`;

const SPACE = "[ \\t\\n\\v\\f\\r]*";
const spaced = (text: string) => pattern(`${SPACE}(?:${text})${SPACE}`);
const TRIMMED = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)";
const trimmed = (value: string) => `trim(${value}, ${TRIMMED})`;

const DECIMAL_INT = spaced("[+-]?[0-9]+");
const HEX_INT = spaced("[+-]?0[xX][0-9a-fA-F]+");

/** Sign and digits apart: DuckDB reads `0x1F` but not `-0x1F`. */
function hexToInt(value: string): string {
  const digits = `TRY_CAST('0x' || regexp_extract(${value}, '[xX](\\w+)', 1) AS UBIGINT)::HUGEINT`;
  return `TRY_CAST(CASE WHEN contains(${value}, '-') THEN -${digits} ELSE ${digits} END AS BIGINT)`;
}

const textToInt: CastLowering = (value, fail) => {
  const bad = fail(message("Bad int64 value: ", value));
  return `CASE WHEN regexp_full_match(${value}, ${DECIMAL_INT}) THEN coalesce(TRY_CAST(${
    trimmed(value)
  } AS BIGINT), ${bad}) WHEN regexp_full_match(${value}, ${HEX_INT}) THEN coalesce(${
    hexToInt(value)
  }, ${bad}) WHEN ${value} IS NOT NULL THEN ${bad} END`;
};

const DECIMAL = spaced("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
const INFINITE = spaced("[+-]?(?i:inf|infinity)");
const NAN = spaced("[+-]?(?i:nan)(?:\\([0-9a-zA-Z_]*\\))?");
const HEX_FLOAT = spaced("[+-]?0[xX][0-9a-fA-F]*\\.?[0-9a-fA-F]*(?:[pP][+-]?[0-9]+)?");

/** A hexadecimal fraction, which DuckDB cannot read, is refused when it is met. */
const textToFloat: CastLowering = (value, fail) =>
  `CASE WHEN regexp_full_match(${value}, ${DECIMAL}) OR regexp_full_match(${value}, ${INFINITE}) THEN CAST(${
    trimmed(value)
  } AS DOUBLE) WHEN regexp_full_match(${value}, ${NAN}) THEN 'nan'::DOUBLE WHEN regexp_full_match(${value}, ${HEX_FLOAT}) THEN ${
    refuse("A hexadecimal FLOAT64 in a text")
  } WHEN ${value} IS NOT NULL THEN ${fail(message("Bad double value: ", value))} END`;

const ZERO = "'[^1-9eE]*[eE].*'";

/**
 * DuckDB rounds half away from zero at nine digits, as GoogleSQL does, but takes a large exponent for
 * an overflow even of zero.
 */
const textToNumeric: CastLowering = (value, fail) => {
  const bad = fail(message("Invalid NUMERIC value: ", value));
  return `CASE WHEN regexp_full_match(${value}, ${DECIMAL}) THEN coalesce(TRY_CAST(${
    trimmed(value)
  } AS DECIMAL(38, 9)), CASE WHEN regexp_full_match(${value}, ${ZERO}) THEN 0 END, ${bad}) WHEN ${value} IS NOT NULL THEN ${bad} END`;
};

const textToBool = (value: string, fail: Fail) =>
  `CASE lower(${value}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE ELSE CASE WHEN ${value} IS NOT NULL THEN ${
    fail(message("Bad bool value: ", value))
  } END END`;

export const PARSE_CASTS: [string, CastLowering][] = [
  ["STRING→BOOL", textToBool],
  ["STRING→FLOAT64", textToFloat],
  ["STRING→INT64", textToInt],
  ["STRING→NUMERIC", textToNumeric],
];
