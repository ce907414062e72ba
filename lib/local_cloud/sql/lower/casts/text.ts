/** Casts to STRING, in GoogleSQL's spelling, and between STRING and BYTES. */
import { type CastLowering, orFail } from "./lowering.ts";

/**
 * Fifteen significant digits if they give the number back, else seventeen; DuckDB prints the
 * shortest of all. GoogleSQL prints no sign of zero or NaN.
 */
export const floatText = (value: string): string =>
  `CASE WHEN ${value} = 0 THEN '0' WHEN isnan(${value}) THEN 'nan' WHEN CAST(printf('%.15g', ${value}) AS DOUBLE) = ${value} THEN printf('%.15g', ${value}) ELSE printf('%.17g', ${value}) END`;

/** `1.500000000` → `1.5`: a NUMERIC has no trailing zeros. */
export const numericText = (value: string): string =>
  `rtrim(rtrim(CAST(${value} AS VARCHAR), '0'), '.')`;

/** A fraction of a second has no, three or six digits; DuckDB leaves out trailing zeros. */
const fraction = (micros: string, text: string, seconds: number): string =>
  `left(${text}, ${seconds}) || CASE WHEN ${micros} % 1000000 = 0 THEN '' WHEN ${micros} % 1000 = 0 THEN printf('.%03d', ${micros} // 1000 % 1000) ELSE printf('.%06d', ${micros} % 1000000) END`;

const DATE_AND_TIME = 19;
const TIME = 8;

/** Microseconds of the second of a TIMESTAMP or DATETIME, never negative. */
const microsOf = (value: string) => `(epoch_us(${value}) % 1000000 + 1000000)`;

/** `2020-01-05 10:20:30.500` */
export const datetimeText = (value: string): string =>
  fraction(microsOf(value), `CAST(${value} AS VARCHAR)`, DATE_AND_TIME);

/** `10:20:30.500` */
export const timeText = (value: string): string =>
  fraction(`epoch_us(${value})`, `CAST(${value} AS VARCHAR)`, TIME);

/** `2020-01-05 10:20:30.500+00` */
export const timestampText = (value: string): string =>
  `(${datetimeText(`make_timestamp(epoch_us(${value}))`)} || '+00')`;

/** DuckDB's cast writes and reads escapes; `encode` and `decode` take the bytes as they are. */
const bytesToText: CastLowering = (value, fail) =>
  orFail(value, `TRY(decode(${value}))`, fail("'Invalid cast of bytes to UTF8 string'"));

const plain: CastLowering = (value) => `CAST(${value} AS VARCHAR)`;

export const TEXT_CASTS: [string, CastLowering][] = [
  ["BOOL→STRING", plain],
  ["BYTES→STRING", bytesToText],
  ["DATE→STRING", plain],
  ["DATETIME→STRING", datetimeText],
  ["FLOAT64→STRING", floatText],
  ["INT64→STRING", plain],
  ["NUMERIC→STRING", numericText],
  ["STRING→BYTES", (value) => `encode(${value})`],
  ["TIME→STRING", timeText],
  ["TIMESTAMP→STRING", timestampText],
];
