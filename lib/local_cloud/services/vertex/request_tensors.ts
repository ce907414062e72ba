/** The tensors that a request for predictions holds, by rows (`instances`) or by columns (`inputs`). */
import {
  shapeFits,
  type Signature,
  sizeOf,
  type Tensor,
  type TensorSpec,
} from "../../saved_model/mod.ts";
import { invalidArgument } from "./errors.ts";
import { isBase64, shown, tensorOf, ValueError } from "./json_values.ts";

type Inputs = Signature["inputs"];
type Row = Record<string, unknown>;

/** TensorFlow's own limit. */
const MOST_DIMENSIONS = 254;

const isObject = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isBase64(value);

/**
 * Tensors from a list of instances: objects with a value for each input, or, where there is one
 * input, its values alone.
 *
 * @throws {CloudError} `invalid`, in TensorFlow Serving's words: the list is empty, or an instance
 * lacks a value, has one too many or one of another type or shape.
 */
export function tensorsOfInstances(instances: unknown, inputs: Inputs): Map<string, Tensor> {
  if (!Array.isArray(instances)) {
    throw invalidArgument(
      `JSON Value: ${shown(instances)} Excepting 'instances' to be an list/array`,
    );
  }
  if (instances.length === 0) {
    throw invalidArgument("JSON Value: [] No values in 'instances' array: send at least one");
  }
  const tensors = new Map<string, Tensor>();
  if (!isObject(instances[0])) {
    const [[name, spec], ...others] = inputs;
    checkBare(instances, others.length === 0 ? [name] : [...inputs.keys()]);
    tensors.set(name, column(instances, spec, (at) => `Failed to process element: ${at}`));
    return tensors;
  }
  checkKeys(instances, inputs);
  for (const [name, spec] of inputs) {
    const values = instances.map((row: Row) => row[name]);
    const place = (at: number) => `Failed to process element: ${at} key: ${name}`;
    tensors.set(name, column(values, spec, place));
  }
  return tensors;
}

function checkBare(instances: unknown[], names: string[]): void {
  if (names.length > 1) {
    throw invalidArgument(
      "instances is a plain list, but expecting list of objects as multiple input tensors " +
        `required as per tensorinfo_map: ${names.join(", ")}`,
    );
  }
  const at = instances.findIndex(isObject);
  if (at < 0) return;
  throw invalidArgument(`Expecting value/list but got object at item ${at} of input list`);
}

/** Each instance has a value for each input and no other one. */
function checkKeys(instances: unknown[], inputs: Inputs): void {
  const names = [...inputs.keys()];
  for (let at = 0; at < instances.length; at++) {
    const row = instances[at];
    if (!isObject(row)) {
      throw invalidArgument(`Expecting object but got list at item ${at} of input list`);
    }
    let keys = 0;
    for (const _ in row) keys++;
    if (keys !== names.length || names.some((name) => !Object.hasOwn(row, name))) {
      throw keysError(row, at, inputs);
    }
  }
}

function keysError(row: Row, at: number, inputs: Inputs): Error {
  const extra = Object.keys(row).find((name) => !inputs.has(name));
  if (extra !== undefined) {
    return invalidArgument(
      `Failed to process element: ${at} key: ${extra} of 'instances' list. Error: ` +
        `INVALID_ARGUMENT: JSON object: does not have named input: ${extra}. The inputs are ` +
        [...inputs.keys()].join(", "),
    );
  }
  const missing = [...inputs.keys()].filter((name) => !Object.hasOwn(row, name));
  return invalidArgument(
    `Failed to process element: ${at} of 'instances' list. JSON object: ${shown(row)} keys must ` +
      `be equal to: ${[...inputs.keys()].sort().join(",")}. Missing: ${missing.join(", ")}`,
  );
}

/** One input's values, an element for each instance, as a tensor. */
function column(elements: unknown[], spec: TensorSpec, place: (at: number) => string): Tensor {
  const fail = (at: number, message: string) =>
    invalidArgument(`${place(at)} of 'instances' list. Error: ${message}`);
  const inner = shapeOf(elements[0]);
  const shape = [elements.length, ...inner];
  const size = sizeOf(inner);
  try {
    const values = inner.length === 0 ? elements : leaves(elements, shape);
    const tensor = tensorOf(spec.dtype, values, shape);
    checkShape(shape, spec);
    return tensor;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw fail(Math.floor(error.at / Math.max(1, size)), error.message);
  }
}

/**
 * Tensors from `inputs`: an object with a tensor for each input, or, where there is one input, its
 * tensor alone.
 *
 * @throws {CloudError} `invalid`, in TensorFlow Serving's words.
 */
export function tensorsOfInputs(given: unknown, inputs: Inputs): Map<string, Tensor> {
  const names = [...inputs.keys()];
  if (!isObject(given)) {
    if (names.length === 1) return new Map([[names[0], whole(given, inputs.get(names[0])!)]]);
    throw invalidArgument(
      "inputs is a plain value/list, but expecting an object as multiple input tensors " +
        `required as per tensorinfo_map: ${names.join(", ")}`,
    );
  }
  return new Map([...inputs].map(([name, spec]) => {
    if (Object.hasOwn(given, name)) return [name, whole(given[name], spec)];
    throw invalidArgument(`Missing named input: ${name} in 'inputs' object.`);
  }));
}

function whole(value: unknown, spec: TensorSpec): Tensor {
  const shape = shapeOf(value);
  try {
    checkShape(shape, spec);
    return tensorOf(spec.dtype, shape.length === 0 ? [value] : leaves(value, shape), shape);
  } catch (error) {
    throw error instanceof ValueError ? invalidArgument(error.message) : error;
  }
}

/** The shape of nested lists, by their first elements. */
function shapeOf(value: unknown): number[] {
  const shape = [];
  for (let one = value; Array.isArray(one); one = one[0]) {
    shape.push(one.length);
    if (shape.length > MOST_DIMENSIONS) {
      throw invalidArgument(
        `Lists are nested more than ${MOST_DIMENSIONS} deep, which no tensor of TensorFlow is`,
      );
    }
  }
  return shape;
}

/** All values of nested lists of a shape, in row-major order. */
function leaves(value: unknown, shape: readonly number[]): unknown[] {
  const found: unknown[] = [];
  const visit = (one: unknown, level: number) => {
    if (!Array.isArray(one)) {
      if (level === shape.length) return void found.push(one);
      throw new ValueError(
        found.length,
        `JSON Value: ${shown(one)} found at incorrect level: ${level + 1} in the JSON DOM. ` +
          `Expected at level: ${shape.length}`,
      );
    }
    if (level >= shape.length) {
      const message = `Encountered list at unexpected level: ${level} expected < ${shape.length}`;
      throw new ValueError(found.length, message);
    }
    if (one.length !== shape[level]) {
      throw new ValueError(
        found.length,
        `Encountered list at unexpected size: ${one.length} at level: ${level} expected size: ` +
          shape[level],
      );
    }
    for (const inner of one) visit(inner, level + 1);
  };
  visit(value, 0);
  return found;
}

function checkShape(shape: readonly number[], { shape: expected, unknownRank }: TensorSpec): void {
  if (unknownRank || shapeFits(shape, expected)) return;
  const text = (dims: readonly number[]) => `[${dims.map((dim) => dim === -1 ? "?" : dim)}]`;
  throw new ValueError(0, `Expecting shape ${text(expected)} but got: ${text(shape)}`);
}
