/** What an operation of a graph is made of: attributes in, a function over values out. */
import type { CloudError } from "../../errors.ts";
import { type AttrValue, DATA_TYPES } from "../messages.ts";
import { type DType, dtypeOf, type Tensor, tensorOf, textOf } from "../tensor.ts";
import type { HashTable } from "./hash_table.ts";
import { invalid } from "./invalid.ts";

/** A value that a graph keeps from loading to running. */
export interface Variable {
  kind: "variable";
  name: string;
  value?: Tensor;
}

/** What stands for something kept: a resource's handle, or a variable of TensorFlow 1. */
export type Handle =
  | { dtype: "resource"; of: Variable | HashTable }
  /** Stands for the variable's value wherever it is not written. */
  | { dtype: "reference"; of: Variable };

/** What goes along the edges of a graph. */
export type Value = Tensor | Handle;

/** Computes a node's outputs from its inputs; throws CloudError `invalid`. */
export type Kernel = (inputs: readonly Value[]) => readonly Value[];

/** What a kernel may reach beside its inputs, while a model is loaded. */
export interface Environment {
  /** A text file of `assets/`. */
  readFile(path: string): Uint8Array;
  /** A variable's values in the model's files. */
  restore(prefix: string, name: string): Tensor;
  /** What the graph keeps under a name, made at first use. */
  kept<T extends Variable | HashTable>(name: string, make: () => T): T;
}

/** A node as its operation sees it. */
export interface KernelNode {
  name: string;
  op: string;
  /** How many inputs it has. */
  inputs: number;
  attrs: Readonly<Record<string, AttrValue>>;
  environment: Environment;
}

/** An operation of TensorFlow's. */
export interface Operation {
  /** @throws {CloudError} `invalid`, for attributes that are not supported. */
  make(node: KernelNode): Kernel;
  /** Names of the outputs, where a function may refer to more than one. */
  outputs?: readonly string[];
  /** It changes something kept: only loading may do so. */
  writes?: boolean;
  /** It wants a {@link Handle} of the kind `reference` as it is, not its value. */
  takesReference?: boolean;
}

/** Operations by name. */
export type Operations = Record<string, Operation>;

export { invalid };

/** An operation from tensors to one tensor, with so many inputs, or at least so many. */
export function tensorOperation(
  count: number | { least: number },
  make: (node: KernelNode) => (...inputs: Tensor[]) => Tensor,
): Operation {
  return {
    make(node) {
      checkCount(node, count);
      const compute = make(node);
      return (inputs) => [compute(...tensors(inputs))];
    },
  };
}

/**
 * Refuses a node with another number of inputs.
 *
 * @throws {CloudError} `invalid`.
 */
export function checkCount(node: KernelNode, count: number | { least: number }): void {
  const isRight = typeof count === "number" ? node.inputs === count : node.inputs >= count.least;
  if (!isRight) throw invalid(`${node.op} cannot have ${node.inputs} inputs`);
}

/**
 * Inputs that are all tensors.
 *
 * @throws {CloudError} `invalid`, if one is not.
 */
export function tensors(inputs: readonly Value[]): readonly Tensor[] {
  for (const input of inputs) {
    if (input === undefined) throw invalid("An input is missing");
    if (input.dtype === "resource" || input.dtype === "reference") {
      throw invalid("An input must be a tensor");
    }
  }
  return inputs as readonly Tensor[];
}

/**
 * Refuses at loading what would fail at running: an attribute must name one of the types.
 *
 * @param name Default `T`.
 * @throws {CloudError} `invalid`.
 */
export function checkType(node: KernelNode, types: readonly DType[], name = "T"): void {
  const dtype = typeAttr(node, name);
  if (dtype !== undefined && !types.includes(dtype)) throw unsupported(node, dtype);
}

/** An operation on a type that it does not have here. */
export const unsupported = ({ op }: { op: string }, dtype: string): CloudError =>
  invalid(`${op} of ${dtype} is not supported`);

/** A whole number, or `otherwise` where the attribute is absent. */
export function intAttr({ attrs }: KernelNode, name: string, otherwise: number): number {
  const attr = attrs[name];
  return attr?.value === "i" ? Number(attr.i) : otherwise;
}

/** A truth value, or `otherwise` where the attribute is absent. */
export function boolAttr({ attrs }: KernelNode, name: string, otherwise = false): boolean {
  const attr = attrs[name];
  return attr?.value === "b" ? attr.b : otherwise;
}

/** A number, or `otherwise` where the attribute is absent. */
export function floatAttr({ attrs }: KernelNode, name: string, otherwise: number): number {
  const attr = attrs[name];
  return attr?.value === "f" ? attr.f : otherwise;
}

/** A text, or `otherwise` where the attribute is absent. */
export function textAttr({ attrs }: KernelNode, name: string, otherwise = ""): string {
  const attr = attrs[name];
  return attr?.value === "s" ? textOf(attr.s) : otherwise;
}

/**
 * A type; `undefined` where the attribute is absent, or is that of handles.
 *
 * @throws {CloudError} `invalid`, for one that is not supported.
 */
export function typeAttr({ attrs }: KernelNode, name: string): DType | undefined {
  const attr = attrs[name];
  return attr?.value === "type" && attr.type !== DATA_TYPES.RESOURCE
    ? dtypeOf(attr.type)
    : undefined;
}

/**
 * A type of whole numbers, `int32` where the attribute is absent and nothing else is given.
 *
 * @throws {CloudError} `invalid`, for another type.
 */
export function indexType(
  node: KernelNode,
  name: string,
  otherwise: "int32" | "int64" = "int32",
): "int32" | "int64" {
  const dtype = typeAttr(node, name) ?? otherwise;
  if (dtype === "int32" || dtype === "int64") return dtype;
  throw unsupported(node, dtype);
}

/** A list of whole numbers; empty where the attribute is absent. */
export function intsAttr({ attrs }: KernelNode, name: string): number[] {
  const attr = attrs[name];
  return attr?.value === "list" ? (attr.list.i ?? []).map(Number) : [];
}

/**
 * A tensor.
 *
 * @throws {CloudError} `invalid`, if there is none.
 */
export function tensorAttr({ attrs }: KernelNode, name: string): Tensor {
  const attr = attrs[name];
  if (attr?.value !== "tensor") throw invalid(`Attribute ${name} is missing`);
  return tensorOf(attr.tensor);
}
