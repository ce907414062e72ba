/** DuckDB's values → the rows of REST, a column at a time. */
import type {
  DuckDBBlobValue,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBValue,
} from "@duckdb/node-api";
import { Buffer } from "node:buffer";
import { CloudError } from "../errors.ts";
import { type Field, type ScalarKind, type SqlType, structFieldNames } from "../warehouse/types.ts";

/** A value of REST's rows. */
export type Cell = string | null | RestRow | { v: Cell }[];
/** A row of REST: `{f: [{v: "12"}, {v: null}]}`. */
export interface RestRow {
  f: { v: Cell }[];
}

/** How TIMESTAMP is written: float seconds, whole microseconds, or ISO 8601. */
export type TimestampFormat = "FLOAT64" | "INT64" | "ISO8601_STRING";

type Encode = (value: DuckDBValue) => Cell;

/**
 * A FLOAT64 in the shortest digits that read back as the same number, in BigQuery's spelling: `1.0`,
 * `1.0E10`, `NaN`, `-Infinity`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { floatText } from "./rows.ts";
 *
 * assertEquals(floatText(1.6e9), "1.6E9");
 * ```
 */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  const [mantissa, exponent] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/**
 * A scaled whole number without exponent and trailing zeros.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decimalText } from "./rows.ts";
 *
 * assertEquals(decimalText(-500n, 3), "-0.5");
 * ```
 */
export function decimalText(value: bigint, scale: number): string {
  const negative = value < 0n;
  const digits = String(negative ? -value : value).padStart(scale + 1, "0");
  const fraction = scale === 0 ? "" : digits.slice(-scale).replace(/0+$/, "");
  const whole = scale === 0 ? digits : digits.slice(0, -scale);
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

const DAY_MICROS = 86_400_000_000n;

/** The day `days` after 1970-01-01, as `2020-11-01`. */
function dateText(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

/** Microseconds of a day as `12:30:00`, with a fraction only when there is one. */
function timeText(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n);
  const fraction = micros % 1_000_000n;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return fraction === 0n ? clock : `${clock}.${String(fraction).padStart(6, "0")}`;
}

/** Microseconds since 1970 as `2020-11-01T12:30:00`. */
function datetimeText(micros: bigint): string {
  const rest = ((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS;
  return `${dateText(Number((micros - rest) / DAY_MICROS))}T${timeText(rest)}`;
}

function timestampText(micros: bigint, format: TimestampFormat): string {
  if (format === "INT64") return String(micros);
  if (format === "ISO8601_STRING") return `${datetimeText(micros)}Z`;
  return floatText(Number(micros) / 1e6);
}

/** How to write a scalar; complete, as the compiler asks for every kind. */
const SCALARS: Record<ScalarKind, (value: DuckDBValue, format: TimestampFormat) => string> = {
  BIGNUMERIC: String,
  BOOL: String,
  BYTES: (value) => Buffer.from((value as DuckDBBlobValue).bytes).toString("base64"),
  DATE: (value) => dateText((value as DuckDBDateValue).days),
  DATETIME: (value) => datetimeText((value as DuckDBTimestampValue).micros),
  FLOAT64: (value) => floatText(value as number),
  GEOGRAPHY: String,
  INT64: String,
  INTERVAL: String,
  JSON: String,
  NUMERIC: (value) => {
    const { value: scaled, scale } = value as DuckDBDecimalValue;
    return decimalText(scaled, scale);
  },
  STRING: (value) => value as string,
  TIME: (value) => timeText((value as DuckDBTimeValue).micros),
  TIMESTAMP: (value, format) => timestampText((value as DuckDBTimestampTZValue).micros, format),
};

function encoder(type: SqlType, format: TimestampFormat): Encode {
  if (type.kind === "ARRAY") {
    const element = encoder(type.element, format);
    return (value) =>
      (value as DuckDBListValue | null)?.items.map((v) => ({ v: element(v) })) ?? [];
  }
  if (type.kind === "STRUCT") {
    const names = structFieldNames(type);
    const fields = type.fields.map((field) => encoder(field.type, format));
    return (value) => {
      if (value === null) return null;
      const { entries } = value as DuckDBStructValue;
      return { f: fields.map((field, i) => ({ v: field(entries[names[i]]) })) };
    };
  }
  const scalar = SCALARS[type.kind];
  return (value) => value === null ? null : scalar(value, format);
}

/** Writes chunks whose columns are `fields`, in their order, as rows of REST. */
export function rowEncoder(
  fields: Field[],
  format: TimestampFormat = "FLOAT64",
): (chunk: DuckDBDataChunk) => RestRow[] {
  const encoders = fields.map(({ type }) => encoder(type, format));
  return (chunk) => {
    const rows: RestRow[] = Array.from({ length: chunk.rowCount }, () => ({ f: [] }));
    encoders.forEach((encode, column) => {
      const values = chunk.getColumnValues(column);
      for (let row = 0; row < rows.length; row++) rows[row].f.push({ v: encode(values[row]) });
    });
    return rows;
  };
}

/**
 * The format that a request asks for.
 *
 * @throws {CloudError} `invalid`, if there is no such format.
 */
export function timestampFormat(
  options: { useInt64Timestamp?: unknown; timestampOutputFormat?: unknown } = {},
): TimestampFormat {
  const { useInt64Timestamp, timestampOutputFormat } = options;
  switch (timestampOutputFormat ?? "TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED") {
    case "TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED":
      // Python's client writes True
      return /^true$/i.test(String(useInt64Timestamp)) ? "INT64" : "FLOAT64";
    case "FLOAT64":
    case "INT64":
    case "ISO8601_STRING":
      return timestampOutputFormat as TimestampFormat;
    default:
      throw new CloudError(
        "invalid",
        `Invalid value for formatOptions.timestampOutputFormat: ${timestampOutputFormat}`,
        "formatOptions.timestampOutputFormat",
      );
  }
}
