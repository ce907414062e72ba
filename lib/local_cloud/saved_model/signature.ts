/** What a model can be asked: names, types and shapes, and the check of what it is given. */
import { invalid } from "./kernels/kernel.ts";
import type { SignatureDef, TensorInfo } from "./messages.ts";
import { type DType, dtypeOf, shapeFits, shapeOf, sizeOf, type Tensor } from "./tensor.ts";

/** A tensor that a signature takes or gives. */
export interface TensorSpec {
  dtype: DType;
  /** −1 where it may be anything, such as the batch. */
  shape: readonly number[];
  /** The number of dimensions may be anything too; `shape` is empty then. */
  unknownRank?: true;
}

/** What a model takes and gives, by name. */
export interface Signature {
  inputs: ReadonlyMap<string, TensorSpec>;
  outputs: ReadonlyMap<string, TensorSpec>;
}

/** A signature, and the tensors of the graph that its names stand for. */
export interface SignatureTensors extends Signature {
  /** In the order of `inputs`, then of `outputs`: `node:0`. */
  tensors: { inputs: readonly string[]; outputs: readonly string[] };
}

/**
 * A signature as it can be asked.
 *
 * @throws {CloudError} `invalid`, naming a tensor that is sparse or of a type that is not supported.
 */
export function signatureOf({ inputs, outputs }: SignatureDef): SignatureTensors {
  const [given, asked] = [inputs, outputs].map((infos) =>
    Object.entries(infos).sort(([a], [b]) => a < b ? -1 : 1)
  );
  const specs = (infos: [string, TensorInfo][]) =>
    new Map(infos.map(([name, info]) => [name, specOf(name, info)]));
  const names = (infos: [string, TensorInfo][]) => infos.map(([, info]) => info.name ?? "");
  return {
    inputs: specs(given),
    outputs: specs(asked),
    tensors: { inputs: names(given), outputs: names(asked) },
  };
}

function specOf(name: string, info: TensorInfo): TensorSpec {
  if (info.encoding !== "name") {
    throw invalid(`Tensor ${name} of the signature is sparse or ragged, which is not supported`);
  }
  const shape = shapeOf(info.tensorShape);
  const dtype = dtypeOf(info.dtype);
  return shape === undefined ? { dtype, shape: [], unknownRank: true } : { dtype, shape };
}

/**
 * The inputs in the order of the signature's.
 *
 * @throws {CloudError} `invalid`, naming an input that is missing, superfluous, or of another type
 * or shape, or two of different batches.
 */
export function checkedInputs(
  { inputs: specs }: Signature,
  given: ReadonlyMap<string, Tensor>,
): Tensor[] {
  for (const name of given.keys()) {
    if (specs.has(name)) continue;
    const names = [...specs.keys()].join(", ") || "none";
    throw invalid(`The model has no input ${name}: its inputs are ${names}`);
  }
  let batch: { name: string; size: number } | undefined;
  return [...specs].map(([name, spec]) => {
    const tensor = given.get(name);
    if (tensor === undefined) throw invalid(`Input ${name} is missing: it is ${shown(spec)}`);
    check(name, spec, tensor);
    if (spec.shape[0] !== -1) return tensor;
    const [size] = tensor.shape;
    batch ??= { name, size };
    if (batch.size === size) return tensor;
    throw invalid(
      `Inputs ${batch.name} and ${name} must have the same number of rows, ` +
        `not ${batch.size} and ${size}`,
    );
  });
}

function check(name: string, spec: TensorSpec, { dtype, shape, values }: Tensor): void {
  const fits = spec.unknownRank || shapeFits(shape, spec.shape);
  const isWhole = values.length === sizeOf(shape);
  if (dtype === spec.dtype && fits && isWhole) return;
  throw invalid(`Input ${name} must be ${shown(spec)}, not ${dtype} of the shape [${shape}]`);
}

function shown({ dtype, shape, unknownRank }: TensorSpec): string {
  if (unknownRank) return `${dtype} of any shape`;
  return `${dtype} of the shape [${shape.map((dim) => dim === -1 ? "any" : dim).join(", ")}]`;
}
