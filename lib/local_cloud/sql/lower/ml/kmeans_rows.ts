/** The input of a call as rows that a k-means model measures. */
import {
  type Feature,
  featureSql,
  fieldIndex,
  NUMERIC_KINDS,
} from "../../../warehouse/features.ts";
import type { KMeansSpec } from "../../../warehouse/model_spec.ts";
import { type SqlType, typeName } from "../../../warehouse/types.ts";
import type { MlCall } from "../../catalog.ts";
import { type MlInput, requiredColumn, wrongType } from "./call.ts";
import type { MeasuredRows } from "./distances.ts";

/**
 * Finds the model's features in an input: a number for a number, else the very type of training.
 *
 * @throws {CloudError} `invalidQuery`, naming a column that is missing or of another type.
 */
export function measuredRows(call: MlCall, spec: KMeansSpec, input: MlInput): MeasuredRows {
  const features = spec.features.map((feature) => {
    const at = requiredColumn(call, input, feature.column);
    const { type } = input.columns[at];
    checkType(call, feature, type);
    return featureSql(feature, input.names[at], type);
  });
  return { rows: input.rows, carried: input.names, features };
}

function checkType(call: MlCall, feature: Feature, type: SqlType): void {
  const { field, column } = feature;
  const given = field !== undefined && type.kind === "STRUCT"
    ? type.fields[fieldIndex(feature, type)]?.type
    : field === undefined
    ? type
    : undefined;
  const isAsTrained = given?.kind === feature.type.kind;
  const isNumber = feature.kind === "NUMERIC" && given !== undefined &&
    NUMERIC_KINDS.has(given.kind);
  if (isAsTrained || isNumber) return;
  const trained = field === undefined
    ? typeName(feature.type)
    : `STRUCT<${field} ${typeName(feature.type)}>`;
  throw wrongType(call, [column, typeName(type), trained]);
}
