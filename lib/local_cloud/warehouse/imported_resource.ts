/** An imported TensorFlow model in the terms of SQL and of REST. */
import { CloudError } from "../errors.ts";
import type { DType, ServingModel, Signature, TensorSpec } from "../saved_model/mod.ts";
import type { ModelEntry } from "./catalogue.ts";
import type { TensorColumn, TensorFlowSpec } from "./model_spec.ts";
import type { StandardField } from "./model_resource.ts";
import type { ScalarKind, SqlType } from "./types.ts";

const KINDS: Record<DType, ScalarKind> = {
  float32: "FLOAT64",
  float64: "FLOAT64",
  int32: "INT64",
  int64: "INT64",
  bool: "BOOL",
  string: "STRING",
};

/** The type of a column that a tensor is made of, or is given as. */
export function columnType({ dtype, size }: TensorColumn): SqlType {
  const element = { kind: KINDS[dtype] };
  return size === undefined ? element : { kind: "ARRAY", element };
}

/**
 * What of a loaded model is a column: its default signature.
 *
 * @throws {CloudError} `invalid`, naming a tensor that is neither one value a row nor a list of them.
 */
export function importedSpec({ signatures }: ServingModel): TensorFlowSpec {
  const signature: Signature = signatures.get("serving_default") ?? [...signatures.values()][0];
  const columns = (specs: Signature["inputs"], what: string) =>
    [...specs].map(([name, spec]) => ({ name, dtype: spec.dtype, ...sizeOf(name, spec, what) }));
  const inputs = columns(signature.inputs, "input");
  if (inputs.length === 0) throw new CloudError("invalid", "The model has no inputs");
  return {
    modelType: "TENSORFLOW",
    inputs,
    outputs: columns(signature.outputs, "output"),
  };
}

function sizeOf(
  name: string,
  { shape, unknownRank }: TensorSpec,
  what: string,
): Pick<TensorColumn, "size"> {
  if (!unknownRank && shape[0] === -1 && shape.length === 1) return {};
  if (!unknownRank && shape[0] === -1 && shape.length === 2) return { size: shape[1] };
  const shown = unknownRank ? "any shape" : `the shape [${shape}]`;
  throw new CloudError(
    "invalid",
    `The ${what} ${name} of ${shown} is not supported: it must be [-1] or [-1, n], one row an ` +
      "instance",
  );
}

/** The body of REST's Model. */
export function importedBody(
  { inputs, outputs }: TensorFlowSpec,
  modelUri: string,
): ModelEntry["resource"] {
  return {
    trainingRuns: [{ trainingOptions: { modelUri }, startTime: new Date().toISOString() }],
    featureColumns: inputs.map(standardField),
    labelColumns: outputs.map(standardField),
  };
}

function standardField(column: TensorColumn): StandardField {
  const type = columnType(column);
  return {
    name: column.name,
    type: type.kind === "ARRAY"
      ? { typeKind: "ARRAY", arrayElementType: { typeKind: type.element.kind } }
      : { typeKind: type.kind },
  };
}
