/** Values of DuckDB as messages of the analyzer: the way back is {@link sqlLiteral}. */
import type {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBValue,
} from "@duckdb/node-api";
import { type SqlType, structFieldNames, typeName } from "../warehouse/types.ts";
import type { WireValue } from "./resolved.ts";

const MICROS = 1_000_000n;
const NANOS_OF_MICRO = 1000;

const floorDiv = (a: bigint, b: bigint) => (a - ((a % b) + b) % b) / b;

/** Seconds since 1970, rounded down, and the nanoseconds on top. */
function instant(micros: bigint): { seconds: string; nanos: number } {
  const seconds = floorDiv(micros, MICROS);
  return { seconds: String(seconds), nanos: Number(micros - seconds * MICROS) * NANOS_OF_MICRO };
}

/** Bit fields of a DATETIME: year 26 on, month 22, day 17, hour 12, minute 6, second 0. */
function datetimeFields(micros: bigint): WireValue["datetimeValue"] {
  const { seconds, nanos } = instant(micros);
  const date = new Date(Number(seconds) * 1000);
  const parts: [number, bigint][] = [
    [date.getUTCFullYear(), 26n],
    [date.getUTCMonth() + 1, 22n],
    [date.getUTCDate(), 17n],
    [date.getUTCHours(), 12n],
    [date.getUTCMinutes(), 6n],
    [date.getUTCSeconds(), 0n],
  ];
  const bits = parts.reduce((sum, [part, shift]) => sum | (BigInt(part) << shift), 0n);
  return { bitFieldDatetimeSeconds: String(bits), nanos };
}

/** Bit fields of a TIME: hour 42 on, minute 36, second 30, nanoseconds 0. */
function timeFields(micros: bigint): string {
  const seconds = micros / MICROS;
  const nanos = (micros % MICROS) * BigInt(NANOS_OF_MICRO);
  const [hour, minute, second] = [seconds / 3600n, seconds / 60n % 60n, seconds % 60n];
  return String((hour << 42n) | (minute << 36n) | (second << 30n) | nanos);
}

/** The fewest bytes, little-endian, that hold a whole number in two's complement. */
function twosComplement(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value;; rest >>= 8n) {
    bytes.push(Number(rest & 0xffn));
    const sign = (bytes[bytes.length - 1] & 0x80) === 0 ? 0n : -1n;
    if (rest >> 8n === sign) return Uint8Array.from(bytes);
  }
}

/**
 * A value of a column of the type, as the analyzer's client sends it.
 *
 * @throws {TypeError} if DuckDB has no such type.
 */
export function wireValue(value: DuckDBValue, type: SqlType): WireValue {
  if (value === null) return {};
  switch (type.kind) {
    case "INT64":
      return { int64Value: String(value) };
    case "BOOL":
      return { boolValue: value as boolean };
    case "FLOAT64":
      return { doubleValue: value as number };
    case "STRING":
      return { stringValue: value as string };
    case "JSON":
      return { jsonValue: value as string };
    case "BYTES":
      return { bytesValue: (value as DuckDBBlobValue).bytes };
    case "DATE":
      return { dateValue: (value as DuckDBDateValue).days };
    case "TIMESTAMP":
      return { timestampValue: instant((value as DuckDBTimestampTZValue).micros) };
    case "DATETIME":
      return { datetimeValue: datetimeFields((value as DuckDBTimestampValue).micros) };
    case "TIME":
      return { timeValue: timeFields((value as DuckDBTimeValue).micros) };
    case "NUMERIC":
      return { numericValue: twosComplement((value as DuckDBDecimalValue).value) };
    case "ARRAY": {
      const { items } = value as DuckDBListValue;
      return { arrayValue: { element: items.map((item) => wireValue(item, type.element)) } };
    }
    case "STRUCT": {
      const { entries } = value as DuckDBStructValue;
      const names = structFieldNames(type);
      const field = type.fields.map((field, i) => wireValue(entries[names[i]], field.type));
      return { structValue: { field } };
    }
    default:
      throw new TypeError(
        `Cannot read a ${typeName(type)} as the local warehouse has no such type`,
      );
  }
}

const FIELD_BYTES = 6;
const NUMBER_BYTES = 11;

/** At most how many bytes a value takes in a message. */
export function wireBytes(value: WireValue): number {
  if (value.arrayValue) return sumOf(value.arrayValue.element);
  if (value.structValue) return sumOf(value.structValue.field);
  const text = value.stringValue ?? value.jsonValue;
  if (text !== undefined) return FIELD_BYTES + new TextEncoder().encode(text).length;
  const bytes = value.bytesValue ?? value.numericValue;
  if (bytes !== undefined) return FIELD_BYTES + bytes.length;
  if (value.timestampValue || value.datetimeValue) return FIELD_BYTES + 2 * NUMBER_BYTES;
  return Object.keys(value).length === 0 ? 2 : FIELD_BYTES + NUMBER_BYTES;
}

const sumOf = (values: WireValue[]): number =>
  values.reduce((sum, value) => sum + wireBytes(value), 2 * FIELD_BYTES);
