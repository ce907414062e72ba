/**
 * ML.PREDICT of an imported TensorFlow model.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-create-tensorflow
 */
import { columnType } from "../../../warehouse/imported_resource.ts";
import { NUMERIC_KINDS } from "../../../warehouse/features.ts";
import { specOf, type TensorColumn, type TensorFlowSpec } from "../../../warehouse/model_spec.ts";
import { duckdbType, type SqlType, typeName } from "../../../warehouse/types.ts";
import { functionName } from "../../imported_models.ts";
import { outputField } from "../../saved_model_function.ts";
import {
  googleName,
  inputOf,
  type MlFunction,
  optionsOf,
  requiredColumn,
  wrongType,
} from "./call.ts";
import type { MlCall } from "../../catalog.ts";

/** The outputs of the model's signature by name, then the columns of the input. */
export const predictImported: MlFunction = {
  argumentCount: [2, 3],
  schemas(call) {
    const outputs = spec(call).outputs.map((output) =>
      `CAST(NULL AS ${typeName(columnType(output))}) AS ${googleName(output.name)}`
    );
    return [{ body: `SELECT ${outputs.join(", ")}, input.* FROM input` }];
  },
  async prepare(call, { imported, connection }) {
    call.loaded = await imported.prepare(connection, call.model);
  },
  lower(call, scan, lower) {
    optionsOf(call, scan, {});
    const { inputs, outputs } = spec(call);
    const input = inputOf(scan, lower)!;
    const values = inputs.map((tensor) => {
      const at = requiredColumn(call, input, tensor.name);
      return given(call, tensor, [input.names[at], input.columns[at].type]);
    });
    const run = `${functionName(call.model.storage)}(${values.join(", ")})`;
    const list = outputs.map((_, at) => `predicted.${outputField(at)} AS o${at}`);
    const carried = input.names.map((name, at) => `${name} AS o${outputs.length + at}`);
    return `(SELECT ${[...list, ...carried]}
      FROM (SELECT ${run} AS predicted, ${input.names.join(", ")} FROM ${input.rows}))`;
  },
};

const spec = ({ model }: MlCall) => specOf(model) as TensorFlowSpec;

/** A column as the function takes it: a number for a number, one value for a list of one. */
function given(call: MlCall, tensor: TensorColumn, [name, type]: [string, SqlType]): string {
  const wanted = columnType(tensor);
  const isOne = wanted.kind === "ARRAY" && tensor.size === 1 && type.kind !== "ARRAY";
  const [from, to] = wanted.kind !== "ARRAY"
    ? [type, wanted]
    : [type.kind === "ARRAY" ? type.element : type, wanted.element];
  const isShaped = isOne || (type.kind === "ARRAY") === (wanted.kind === "ARRAY");
  const fits = from.kind === to.kind || (to.kind === "FLOAT64" && NUMERIC_KINDS.has(from.kind));
  if (!isShaped || !fits) {
    throw wrongType(call, [tensor.name, typeName(type), typeName(wanted)]);
  }
  const value = isOne ? `[${name}]` : name;
  return from.kind === to.kind ? value : `CAST(${value} AS ${duckdbType(wanted)})`;
}
