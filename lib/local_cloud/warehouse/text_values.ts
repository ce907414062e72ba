/**
 * Text → values, for files and rows that bring text: SQL for the value that a text stands for, and SQL
 * for what is wrong with it, as DuckDB's own casts take more than BigQuery does (`1.5` for an
 * INTEGER) and do not say which column failed.
 */
import {
  duckdbType,
  type Field,
  quote,
  type ScalarKind,
  type SqlType,
  structFieldNames,
} from "./types.ts";

/** A text as a literal of DuckDB. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A type with text at its leaves, as files are read. */
export function textType(type: SqlType): string {
  if (type.kind === "ARRAY") return `${textType(type.element)}[]`;
  if (type.kind === "JSON") return "JSON";
  if (type.kind !== "STRUCT") return "VARCHAR";
  const names = structFieldNames(type);
  return `STRUCT(${
    type.fields.map((field, i) => `${quote(names[i])} ${textType(field.type)}`).join(", ")
  })`;
}

const guarded = (pattern: string, cast: (text: string) => string) => (text: string) =>
  `CASE WHEN regexp_full_match(trim(${text}), '${pattern}') THEN ${cast(text)} END`;

const tryCast = (kind: ScalarKind) => (text: string) =>
  `TRY_CAST(${text} AS ${duckdbType({ kind })})`;

/** From year 1 to 9999, as in BigQuery: DuckDB's times reach further. */
const inRange = (kind: ScalarKind, value: string) => {
  const bound = (text: string) => `CAST('${text}' AS ${duckdbType({ kind })})`;
  return `CASE WHEN ${value} >= ${bound("0001-01-01 00:00:00")}
    AND ${value} <= ${bound("9999-12-31 23:59:59.999999")} THEN ${value} END`;
};

/** Begins with a digit: not `infinity` nor `epoch`, which DuckDB takes for a time. */
const dated = (kind: ScalarKind) =>
  guarded(
    "[0-9].*",
    (text) => kind === "TIME" ? tryCast(kind)(text) : inRange(kind, tryCast(kind)(text)),
  );

const SCALARS: Record<ScalarKind, (text: string) => string> = {
  BIGNUMERIC: refuse,
  BOOL: tryCast("BOOL"),
  BYTES: (text) => `TRY(from_base64(${text}))`,
  DATE: dated("DATE"),
  DATETIME: dated("DATETIME"),
  FLOAT64: tryCast("FLOAT64"),
  GEOGRAPHY: refuse,
  INT64: guarded("[+-]?[0-9]+", tryCast("INT64")),
  INTERVAL: refuse,
  JSON: (text) => `CASE WHEN json_valid(${text}) THEN ${text}::JSON END`,
  NUMERIC: tryCast("NUMERIC"),
  STRING: (text) => text,
  TIME: dated("TIME"),
  // A bare number is seconds since 1970, as in BigQuery's own export.
  TIMESTAMP: (text) =>
    `CASE WHEN regexp_full_match(${text}, '-?[0-9]+([.][0-9]+)?([eE][0-9]+)?')
      THEN ${inRange("TIMESTAMP", `TRY(to_timestamp(TRY_CAST(${text} AS DOUBLE)))`)}
      ELSE ${dated("TIMESTAMP")(text)} END`,
};

function refuse(): never {
  throw new TypeError("Cannot read a type from text as the local warehouse has no such type");
}

/** SQL for the value of `text`, an expression of {@link textType}; NULL where it stands for none. */
export function valueOf(text: string, type: SqlType, depth = 0): string {
  if (type.kind === "ARRAY") {
    const item = `x${depth}`;
    const element = valueOf(item, type.element, depth + 1);
    const list = element === item ? text : `list_transform(${text}, lambda ${item}: ${element})`;
    return `coalesce(${list}, [])`;
  }
  if (type.kind === "STRUCT") {
    const fields = structFieldNames(type).map((name, i) => {
      const field = valueOf(`${text}.${quote(name)}`, type.fields[i].type, depth);
      return `${quote(name)} := ${field}`;
    });
    return `CASE WHEN ${text} IS NOT NULL THEN struct_pack(${fields.join(", ")}) END`;
  }
  return SCALARS[type.kind](text);
}

/** SQL for the first thing wrong with `text`, as words that name the field, else NULL. */
export function problemOf(text: string, field: Field, path = field.name, depth = 0): string {
  const { type, required } = field;
  const missing = required && type.kind !== "ARRAY"
    ? [`CASE WHEN ${text} IS NULL THEN ${literal(`Required field ${path} cannot be null`)} END`]
    : [];
  return firstOf([...missing, ...wrong(text, type, path, depth)]);
}

function wrong(text: string, type: SqlType, path: string, depth: number): string[] {
  if (type.kind === "ARRAY") {
    const item = `x${depth}`;
    const element = { name: path, type: type.element, required: true };
    const each = problemOf(item, element, path, depth + 1);
    const all = `list_transform(${text}, lambda ${item}: ${each})`;
    return [`list_filter(${all}, lambda p${depth}: p${depth} IS NOT NULL)[1]`];
  }
  if (type.kind === "STRUCT") {
    const fields = structFieldNames(type).map((name, i) =>
      problemOf(`${text}.${quote(name)}`, type.fields[i], `${path}.${type.fields[i].name}`, depth)
    );
    return [`CASE WHEN ${text} IS NOT NULL THEN ${firstOf(fields)} END`];
  }
  if (type.kind === "STRING") return [];
  const [before, after] = [
    literal("Could not parse '"),
    literal(`' as ${type.kind} for field ${path}`),
  ];
  return [
    `CASE WHEN ${text} IS NOT NULL AND ${
      valueOf(text, type)
    } IS NULL THEN ${before} || left(${text}, 200) || ${after} END`,
  ];
}

const firstOf = (problems: string[]) =>
  problems.length === 0 ? "NULL::VARCHAR" : `coalesce(${problems.join(", ")}, NULL::VARCHAR)`;
