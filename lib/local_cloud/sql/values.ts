/** Values on their way: from REST's strings to the analyzer's messages, and from those to SQL. */
import {
  analyzerKind,
  duckdbType,
  quote,
  type ScalarKind,
  type SqlType,
  structFieldNames,
  typeName,
} from "../warehouse/types.ts";
import type { Message } from "./analyzer.ts";
import type { ParameterValue } from "./mod.ts";
import type { WireValue } from "./resolved.ts";

/** A type as a message of the analyzer. */
export function wireType(type: SqlType): Message {
  if (type.kind === "ARRAY") {
    return { typeKind: "TYPE_ARRAY", arrayType: { elementType: wireType(type.element) } };
  }
  if (type.kind === "STRUCT") {
    const field = type.fields.map(({ name, type }) => ({
      fieldName: name,
      fieldType: wireType(type),
    }));
    return { typeKind: "TYPE_STRUCT", structType: { field } };
  }
  return { typeKind: analyzerKind(type.kind) };
}

const MICROS = 1_000_000n;
const NANOS_OF_MICRO = 1000;

/** A string as DuckDB reads it. */
export function stringLiteral(text: string): string {
  // DuckDB's parser ends a statement at NUL, so it is put together from its code.
  return text.split("\0").map((part) => `'${part.replaceAll("'", "''")}'`).join(" || chr(0) || ");
}

function doubleLiteral(value: number): string {
  if (Number.isNaN(value)) return "'nan'::DOUBLE";
  if (!Number.isFinite(value)) return value > 0 ? "'inf'::DOUBLE" : "'-inf'::DOUBLE";
  // A text, for DuckDB reads a bare number as a DECIMAL first and so may end one unit off.
  return `'${Object.is(value, -0) ? "-0" : value}'::DOUBLE`;
}

function bytesLiteral(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `from_hex('${hex}')`;
}

/** Bit fields of a DATETIME: year 26 on, month 22, day 17, hour 12, minute 6, second 0. */
function datetimeLiteral(seconds: bigint, nanos: number): string {
  const part = (shift: bigint, bits: bigint) => Number((seconds >> shift) & ((1n << bits) - 1n));
  const micros = Math.trunc(nanos / NANOS_OF_MICRO);
  const two = (n: number) => String(n).padStart(2, "0");
  const date = `${String(part(26n, 14n)).padStart(4, "0")}-${two(part(22n, 4n))}-${
    two(part(17n, 5n))
  }`;
  const time = `${two(part(12n, 5n))}:${two(part(6n, 6n))}:${two(part(0n, 6n))}`;
  return `TIMESTAMP '${date} ${time}.${String(micros).padStart(6, "0")}'`;
}

/** Bit fields of a TIME: hour 42 on, minute 36, second 30, nanoseconds 0. */
function timeLiteral(bits: bigint): string {
  const nanos = Number(bits & ((1n << 30n) - 1n));
  const at = (shift: bigint, mask: bigint) => String((bits >> shift) & mask).padStart(2, "0");
  const micros = String(Math.trunc(nanos / NANOS_OF_MICRO)).padStart(6, "0");
  return `TIME '${at(42n, 31n)}:${at(36n, 63n)}:${at(30n, 63n)}.${micros}'`;
}

/** NUMERIC on the wire: a little-endian two's complement integer of 10⁻⁹. */
export function numericText(bytes: Uint8Array, scale = 9): string {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  value = BigInt.asIntN(bytes.length * 8, value);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return value < 0n ? `-${text}` : text;
}

const isNull = (value: WireValue) =>
  Object.keys(value).every((key) => key === "value" || value[key as keyof WireValue] === undefined);

/** A value of the analyzer as a DuckDB expression of the type's DuckDB type. */
export function sqlLiteral(value: WireValue, type: SqlType): string {
  if (isNull(value)) return `NULL::${duckdbType(type)}`;
  switch (type.kind) {
    case "INT64":
      return value.int64Value === undefined
        ? String(value.enumValue)
        : `(${value.int64Value})::BIGINT`;
    case "BOOL":
      return value.boolValue ? "TRUE" : "FALSE";
    case "FLOAT64":
      return doubleLiteral(value.doubleValue!);
    case "STRING":
      return stringLiteral(value.stringValue!);
    case "BYTES":
      return bytesLiteral(value.bytesValue!);
    case "DATE":
      return `(DATE '1970-01-01' + ${value.dateValue})`;
    case "TIMESTAMP": {
      // Zeros are left out on the wire.
      const { seconds = "0", nanos = 0 } = value.timestampValue!;
      const micros = BigInt(seconds) * MICROS + BigInt(Math.trunc(nanos / NANOS_OF_MICRO));
      return `make_timestamptz(${micros})`;
    }
    case "DATETIME": {
      const { bitFieldDatetimeSeconds, nanos } = value.datetimeValue!;
      return datetimeLiteral(BigInt(bitFieldDatetimeSeconds), nanos);
    }
    case "TIME":
      return timeLiteral(BigInt(value.timeValue!));
    case "NUMERIC":
      return `(${numericText(value.numericValue!)})::DECIMAL(38, 9)`;
    case "JSON":
      return `${stringLiteral(value.jsonValue!)}::JSON`;
    case "ARRAY": {
      const elements = value.arrayValue!.element.map((element) =>
        sqlLiteral(element, type.element)
      );
      // In brackets: what follows, `[1]` say, would be taken for a part of the type.
      return `([${elements.join(", ")}]::${duckdbType(type)})`;
    }
    case "STRUCT": {
      const names = structFieldNames(type);
      const fields = type.fields.map((field, i) =>
        `${quote(names[i])} := ${sqlLiteral(value.structValue!.field[i], field.type)}`
      );
      return `struct_pack(${fields.join(", ")})`;
    }
    default:
      throw new TypeError(
        `Cannot write a ${typeName(type)} as the local warehouse has no such type`,
      );
  }
}

/**
 * A query parameter's value as a GoogleSQL expression, which the analyzer then checks and types.
 */
export function parameterExpression(value: ParameterValue, type: SqlType): string {
  if (type.kind === "ARRAY") {
    const elements = (value.arrayValues ?? []).map((element) =>
      parameterExpression(element, type.element)
    );
    return `CAST([${elements.join(", ")}] AS ${typeName(type)})`;
  }
  if (type.kind === "STRUCT") {
    const fields = type.fields.map((field) =>
      parameterExpression(value.structValues?.[field.name] ?? {}, field.type)
    );
    return `CAST(STRUCT(${fields.join(", ")}) AS ${typeName(type)})`;
  }
  if (value.value === undefined || value.value === null) return `CAST(NULL AS ${type.kind})`;
  return scalarExpression(value.value, type.kind);
}

/** LIMIT takes a literal and no CAST, so what can be a literal is one. */
function scalarExpression(value: string, kind: ScalarKind): string {
  if (kind === "INT64" && /^-?\d+$/.test(value)) return value;
  const text = googleString(value);
  if (kind === "STRING") return text;
  if (kind === "JSON") return `PARSE_JSON(${text})`;
  return kind === "BYTES" ? `FROM_BASE64(${text})` : `CAST(${text} AS ${kind})`;
}

/** A string as GoogleSQL reads it: JSON's escapes are all among GoogleSQL's. */
export function googleString(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
