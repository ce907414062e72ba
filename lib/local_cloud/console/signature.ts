/** What a SavedModel in the object store takes and gives, without loading its variables. */
import { CloudError, notFound } from "../errors.ts";
import type { ObjectStore } from "../object_store.ts";
import { decode, type TensorInfo } from "../saved_model/messages.ts";
import { type DType, dtypeOf, shapeOf } from "../saved_model/tensor.ts";

/** An input or an output of a model. */
export interface Value {
  name: string;
  dtype: DType;
  /** −1 where it may be anything; the first is the batch. Empty if it may have any rank. */
  shape: readonly number[];
}

/** What `GET /console/signature.json` answers. */
export interface Signature {
  /** `serving_default`, if the model has it. */
  name: string;
  inputs: Value[];
  outputs: Value[];
}

/**
 * The serving signature of a SavedModel, inputs and outputs by name.
 *
 * @param artifacts `gs://bucket/folder`, with or without a slash in the end.
 * @throws {CloudError} `notFound`: no bucket or no `saved_model.pb`; `invalid`: no SavedModel.
 */
export async function readSignature(objects: ObjectStore, artifacts: string): Promise<Signature> {
  const [, bucket, folder] = /^gs:\/\/([^/]+)\/?(.*?)\/*$/.exec(artifacts) ?? [];
  if (bucket === undefined) {
    throw new CloudError("invalid", `Cannot read ${artifacts} as it is no gs://bucket/folder`);
  }
  const object = objects.stat(bucket, `${folder === "" ? "" : `${folder}/`}saved_model.pb`);
  const bytes = await new Response(await objects.read(object)).bytes();
  const signatures = decode("SavedModel", bytes).metaGraphs[0]?.signatureDef ?? {};
  const names = Object.keys(signatures).filter((name) => !name.startsWith("__")).sort();
  const name = names.includes("serving_default") ? "serving_default" : names[0];
  if (name === undefined) throw notFound(`Signature to serve in ${artifacts}`);
  const { inputs, outputs } = signatures[name];
  return { name, inputs: valuesOf(inputs), outputs: valuesOf(outputs) };
}

const valuesOf = (tensors: Record<string, TensorInfo>): Value[] =>
  Object.entries(tensors).sort(([a], [b]) => a < b ? -1 : 1).map(([name, info]) => ({
    name,
    dtype: dtypeOf(info.dtype),
    shape: shapeOf(info.tensorShape) ?? [],
  }));
