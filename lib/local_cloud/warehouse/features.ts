/**
 * What a model sees of a row: numbers, and texts that are categories.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/auto-preprocessing
 */
import { CloudError } from "../errors.ts";
import {
  type Field,
  type ScalarKind,
  structFieldNames,
  type StructType,
  typeName,
} from "./types.ts";

/** Types of numbers: each can stand where a model was trained on another of them. */
export const NUMERIC_KINDS: ReadonlySet<string> = new Set(["INT64", "FLOAT64", "NUMERIC"]);

/** A column of the training query, or a field of a STRUCT column, as a model sees it. */
export interface Feature {
  /** The column's name; `{column}_{field}` for a field of a STRUCT. */
  name: string;
  column: string;
  field?: string;
  type: { kind: ScalarKind };
  /** A NUMERIC one is a coordinate of its own, a CATEGORICAL one has one for each of its values. */
  kind: "NUMERIC" | "CATEGORICAL";
}

const KINDS: Record<ScalarKind, Feature["kind"] | string> = {
  INT64: "NUMERIC",
  FLOAT64: "NUMERIC",
  NUMERIC: "NUMERIC",
  BOOL: "CATEGORICAL",
  BYTES: "CATEGORICAL",
  DATE: "CATEGORICAL",
  DATETIME: "CATEGORICAL",
  STRING: "CATEGORICAL",
  TIME: "CATEGORICAL",
  BIGNUMERIC: "use FLOAT64 or NUMERIC",
  GEOGRAPHY: "use its coordinates as numbers",
  INTERVAL: "use a number of days or seconds",
  JSON: "extract its values into columns",
  TIMESTAMP: "use UNIX_SECONDS(…) for its moment, EXTRACT(… FROM …) for its parts",
};

/**
 * The features of a training query's columns.
 *
 * @throws {CloudError} `invalidQuery`, naming the column: of a type that is no feature, or of a name
 * that another feature has too.
 */
export function featuresOf(columns: Field[]): Feature[] {
  const features = columns.flatMap((column) =>
    column.type.kind === "STRUCT"
      ? column.type.fields.map((field) => fieldFeature(column.name, field))
      : [feature(column.name, column)]
  );
  const seen = new Set<string>();
  for (const { name } of features) {
    if (seen.has(name.toLowerCase())) throw refused(`Duplicate feature column name: ${name}`);
    seen.add(name.toLowerCase());
  }
  if (features.length === 0) throw refused("CREATE MODEL needs at least one feature column");
  return features;
}

function fieldFeature(column: string, field: Field): Feature {
  if (field.name === "") {
    throw refused(`The fields of STRUCT column ${column} must have names to be features`);
  }
  return { ...feature(`${column}_${field.name}`, field), column, field: field.name };
}

function feature(name: string, { type }: Field): Feature {
  const kind = type.kind === "ARRAY" || type.kind === "STRUCT"
    ? "use columns with one value each"
    : KINDS[type.kind];
  if (kind !== "NUMERIC" && kind !== "CATEGORICAL") {
    throw refused(
      `Column ${name} of type ${typeName(type)} is not supported as a feature ` +
        `by the local warehouse: ${kind}`,
    );
  }
  return { name, column: name, type: type as Feature["type"], kind };
}

const refused = (message: string) => new CloudError("invalidQuery", message, "query");

/**
 * A feature of a row in DuckDB SQL: a DOUBLE, or the VARCHAR that names its category.
 *
 * @param column The column it is in, in DuckDB SQL.
 * @param type The column's type.
 */
export function featureSql(feature: Feature, column: string, type: Field["type"]): string {
  if (type.kind !== "STRUCT") return valueSql(feature, column, type);
  const at = fieldIndex(feature, type);
  const name = structFieldNames(type)[at].replaceAll("'", "''");
  return valueSql(feature, `struct_extract(${column}, '${name}')`, type.fields[at].type);
}

function valueSql(feature: Feature, value: string, type: Field["type"]): string {
  return feature.kind === "NUMERIC" ? `CAST(${value} AS DOUBLE)` : textSql(value, type);
}

/** The position of a feature's field in a STRUCT column; −1 if it has none of the name. */
export function fieldIndex({ field = "" }: Feature, type: StructType): number {
  return type.fields.findIndex(({ name }) => name.toLowerCase() === field.toLowerCase());
}

/** A value as the text that BigQuery's CAST to STRING gives; BYTES in base64. */
export function textSql(value: string, type: Field["type"]): string {
  switch (type.kind) {
    case "STRING":
      return value;
    case "BYTES":
      return `to_base64(${value})`;
    case "NUMERIC":
      return `rtrim(rtrim(CAST(${value} AS VARCHAR), '0'), '.')`;
    default:
      return `CAST(${value} AS VARCHAR)`;
  }
}

/** What a training table calls the raw values of its features: `f0`, `f1`, … */
export const rawNames = (features: Feature[]): string[] => features.map((_, i) => `f${i}`);
