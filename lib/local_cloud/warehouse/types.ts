/**
 * The one type table: every GoogleSQL type, what DuckDB stores for it, and what Google's REST and
 * analyzer call it. A new type does not compile until each column of the table has an answer.
 */

/** The types without parts. */
export type ScalarKind =
  | "BIGNUMERIC"
  | "BOOL"
  | "BYTES"
  | "DATE"
  | "DATETIME"
  | "FLOAT64"
  | "GEOGRAPHY"
  | "INT64"
  | "INTERVAL"
  | "JSON"
  | "NUMERIC"
  | "STRING"
  | "TIME"
  | "TIMESTAMP";

export interface ScalarType {
  kind: ScalarKind;
}
export interface ArrayType {
  kind: "ARRAY";
  element: SqlType;
}
export interface StructType {
  kind: "STRUCT";
  fields: Field[];
}
/** A GoogleSQL type. */
export type SqlType = ScalarType | ArrayType | StructType;

/** A named type: a column of a table, or a field of a STRUCT (there the name may be empty). */
export interface Field {
  name: string;
  type: SqlType;
  /** The column refuses NULL (`mode: REQUIRED`). */
  required?: boolean;
  description?: string;
}

interface TypeRow {
  /** DuckDB's type, or `undefined` where the engine has no type that holds every value. */
  duckdb: string | undefined;
  /** The name REST answers with. */
  rest: string;
  /** Further names REST and DDL accept. */
  aliases: string[];
  /** The analyzer's TypeKind. */
  analyzer: string;
}

const TABLE: Record<ScalarKind, TypeRow> = {
  BIGNUMERIC: {
    duckdb: undefined, // 76 digits; DECIMAL ends at 38
    rest: "BIGNUMERIC",
    aliases: ["BIGDECIMAL"],
    analyzer: "TYPE_BIGNUMERIC",
  },
  BOOL: { duckdb: "BOOLEAN", rest: "BOOLEAN", aliases: ["BOOL"], analyzer: "TYPE_BOOL" },
  BYTES: { duckdb: "BLOB", rest: "BYTES", aliases: [], analyzer: "TYPE_BYTES" },
  DATE: { duckdb: "DATE", rest: "DATE", aliases: [], analyzer: "TYPE_DATE" },
  DATETIME: { duckdb: "TIMESTAMP", rest: "DATETIME", aliases: [], analyzer: "TYPE_DATETIME" },
  FLOAT64: { duckdb: "DOUBLE", rest: "FLOAT", aliases: ["FLOAT64"], analyzer: "TYPE_DOUBLE" },
  GEOGRAPHY: { duckdb: undefined, rest: "GEOGRAPHY", aliases: [], analyzer: "TYPE_GEOGRAPHY" },
  INT64: {
    duckdb: "BIGINT",
    rest: "INTEGER",
    aliases: ["INT64", "INT", "SMALLINT", "BIGINT", "TINYINT", "BYTEINT"],
    analyzer: "TYPE_INT64",
  },
  INTERVAL: { duckdb: undefined, rest: "INTERVAL", aliases: [], analyzer: "TYPE_INTERVAL" },
  JSON: { duckdb: "JSON", rest: "JSON", aliases: [], analyzer: "TYPE_JSON" },
  NUMERIC: {
    duckdb: "DECIMAL(38, 9)",
    rest: "NUMERIC",
    aliases: ["DECIMAL"],
    analyzer: "TYPE_NUMERIC",
  },
  STRING: { duckdb: "VARCHAR", rest: "STRING", aliases: [], analyzer: "TYPE_STRING" },
  TIME: { duckdb: "TIME", rest: "TIME", aliases: [], analyzer: "TYPE_TIME" },
  TIMESTAMP: {
    duckdb: "TIMESTAMP WITH TIME ZONE",
    rest: "TIMESTAMP",
    aliases: [],
    analyzer: "TYPE_TIMESTAMP",
  },
};

const KINDS = Object.keys(TABLE) as ScalarKind[];
const BY_NAME = new Map(
  KINDS.flatMap((kind) =>
    [TABLE[kind].rest, ...TABLE[kind].aliases].map((name) => [name, kind] as const)
  ),
);
const BY_ANALYZER = new Map(KINDS.map((kind) => [TABLE[kind].analyzer, kind] as const));

/** The scalar kind a REST or DDL name stands for, in any case; `undefined` if it is none. */
export function scalarKind(name: string): ScalarKind | undefined {
  return BY_NAME.get(name.toUpperCase());
}

/** The name REST answers with for a scalar kind: `INTEGER` for `INT64`. */
export function restName(kind: ScalarKind): string {
  return TABLE[kind].rest;
}

/** The scalar kind of an analyzer TypeKind; `undefined` if it is none of ours. */
export function kindOfAnalyzer(typeKind: string): ScalarKind | undefined {
  return BY_ANALYZER.get(typeKind);
}

/** The analyzer's TypeKind of a scalar kind. */
export function analyzerKind(kind: ScalarKind): string {
  return TABLE[kind].analyzer;
}

/**
 * GoogleSQL's spelling of a type, as its messages print it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const type = { kind: "ARRAY", element: { kind: "INT64" } } as const;
 * assertEquals(typeName(type), "ARRAY<INT64>");
 * ```
 */
export function typeName(type: SqlType): string {
  if (type.kind === "ARRAY") return `ARRAY<${typeName(type.element)}>`;
  if (type.kind !== "STRUCT") return type.kind;
  const fields = type.fields.map(({ name, type }) => `${name} ${typeName(type)}`.trim());
  return `STRUCT<${fields.join(", ")}>`;
}

/** An identifier as DuckDB reads it, whatever is in it. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/**
 * What DuckDB calls the fields of a STRUCT, in order. DuckDB wants unique names in any case and
 * none empty; GoogleSQL allows both, so a clash or an empty name gets one of its position.
 */
export function structFieldNames(type: StructType): string[] {
  const seen = new Set<string>();
  return type.fields.map(({ name }, position) => {
    const clash = name === "" || seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return clash ? `$${position + 1}` : name;
  });
}

/** The first part of a type that DuckDB has no type for, or `undefined` if it can hold it all. */
export function unstorable(type: SqlType): ScalarKind | undefined {
  if (type.kind === "ARRAY") return unstorable(type.element);
  if (type.kind !== "STRUCT") return TABLE[type.kind].duckdb === undefined ? type.kind : undefined;
  return type.fields.map((field) => unstorable(field.type)).find((kind) => kind !== undefined);
}

/**
 * The DuckDB type that stores a GoogleSQL type.
 *
 * @throws {TypeError} if DuckDB has none (see {@link unstorable}).
 */
export function duckdbType(type: SqlType): string {
  if (type.kind === "ARRAY") return `${duckdbType(type.element)}[]`;
  if (type.kind === "STRUCT") {
    const names = structFieldNames(type);
    const fields = type.fields.map((field, i) => `${quote(names[i])} ${duckdbType(field.type)}`);
    return `STRUCT(${fields.join(", ")})`;
  }
  const { duckdb } = TABLE[type.kind];
  if (duckdb === undefined) {
    throw new TypeError(`Cannot store a ${type.kind} as the local warehouse has no such type`);
  }
  return duckdb;
}
