/** The best of each row, and what is there at all. */
import type { Tensor } from "../tensor.ts";
import { type Indexed, integer, newTensor, readable, writable } from "./elements.ts";
import {
  checkCount,
  checkType,
  indexType,
  intAttr,
  invalid,
  type KernelNode,
  type Operation,
  type Operations,
  tensorOperation,
  tensors,
  textAttr,
  unsupported,
} from "./kernel.ts";
import { mapped } from "./mathematics.ts";

/**
 * Positions of the `k` greatest of the values from `start` to before `end`, falling; of equal ones
 * the lower position comes first.
 */
function greatest(values: Indexed<number>, [start, end]: [number, number], k: number): number[] {
  const best: number[] = [];
  if (k === 0 || isWithoutNumbers(values, start, end)) return upTo(start, k);
  for (let at = start; at < end; at++) {
    const value = values[at];
    if (best.length === k && !(value > values[best[k - 1]])) continue;
    let [low, high] = [0, best.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value > values[best[middle]]) high = middle;
      else low = middle + 1;
    }
    if (best.length === k) best.pop();
    best.splice(low, 0, at);
  }
  return best;
}

const upTo = (start: number, k: number) => Array.from({ length: k }, (_, at) => start + at);

/**
 * Whether all values are NaN.
 *
 * @throws {CloudError} `invalid`, if only some are: TensorFlow's answer depends on the processor then.
 */
function isWithoutNumbers(values: Indexed<number>, start: number, end: number): boolean {
  let missing = 0;
  for (let at = start; at < end; at++) if (values[at] !== values[at]) missing++;
  if (missing === 0 || missing === end - start) return missing > 0;
  throw invalid("Which are the greatest of several numbers, one of them NaN, is not defined");
}

function topK(node: KernelNode, tensor: Tensor, k: number): readonly Tensor[] {
  const { dtype, shape } = tensor;
  if (dtype === "string" || dtype === "bool") throw unsupported(node, dtype);
  const length = shape[shape.length - 1];
  if (!(k >= 0 && k <= length)) throw invalid(`There are no ${k} greatest of ${length}`);
  const outShape = [...shape.slice(0, -1), k];
  const best = newTensor(dtype, outShape);
  const indices = newTensor(indexType(node, "index_type"), outShape);
  const from = readable<number>(tensor);
  const [to, positions] = [writable<number>(best), writable<number | bigint>(indices)];
  const rows = length === 0 ? 0 : from.length / length;
  for (let row = 0, out = 0; row < rows; row++) {
    const start = row * length;
    for (const at of greatest(from, [start, start + length], k)) {
      to[out] = from[at];
      positions[out++] = indices.dtype === "int64" ? BigInt(at - start) : at - start;
    }
  }
  return [best, indices];
}

const topKV2: Operation = {
  outputs: ["values", "indices"],
  make(node) {
    checkCount(node, 2);
    checkType(node, ["float32", "float64", "int32", "int64"]);
    return (inputs) => {
      const [tensor, k] = tensors(inputs);
      return topK(node, tensor, integer(k));
    };
  },
};

const topKV1: Operation = {
  outputs: ["values", "indices"],
  make(node) {
    checkCount(node, 1);
    const k = intAttr(node, "k", 0);
    return (inputs) => topK(node, tensors(inputs)[0], k);
  },
};

/** Each value once, in the order of its first place, and where each value is among them. */
const unique: Operation = {
  outputs: ["y", "idx"],
  make(node) {
    checkCount(node, 1);
    const dtype = indexType(node, "out_idx");
    return (inputs) => {
      const [tensor] = tensors(inputs);
      if (tensor.shape.length !== 1) throw invalid(`Unique of the shape [${tensor.shape}]`);
      const values = readable<unknown>(tensor);
      const numbers = new Map<unknown, number>();
      for (let i = 0; i < values.length; i++) {
        if (!numbers.has(values[i])) numbers.set(values[i], numbers.size);
      }
      const once = newTensor(tensor.dtype, [numbers.size]);
      const places = newTensor(dtype, tensor.shape);
      for (const [value, at] of numbers) writable<unknown>(once)[at] = value;
      const to = writable<number | bigint>(places);
      for (let i = 0; i < values.length; i++) {
        const at = numbers.get(values[i])!;
        to[i] = dtype === "int64" ? BigInt(at) : at;
      }
      return [once, places];
    };
  },
};

/** e^x / Σ e^x of each row, or the logarithm of it. */
function softmax(isLog: boolean): Operation {
  return tensorOperation(1, (node) => {
    checkType(node, ["float32", "float64"]);
    return (tensor) => {
      if (tensor.dtype !== "float32" && tensor.dtype !== "float64") {
        throw unsupported(node, tensor.dtype);
      }
      const { shape, dtype } = tensor;
      if (shape.length === 0) throw invalid(`${node.op} of one number`);
      const out = newTensor(dtype, shape);
      const [from, to] = [readable<number>(tensor), writable<number>(out)];
      const length = shape[shape.length - 1];
      for (let start = 0; start < from.length; start += length) {
        let [top, sum] = [-Infinity, 0];
        for (let i = start; i < start + length; i++) top = Math.max(top, from[i]);
        for (let i = start; i < start + length; i++) sum += Math.exp(from[i] - top);
        for (let i = start; i < start + length; i++) {
          const x = from[i] - top;
          to[i] = isLog ? x - Math.log(sum) : Math.exp(x) / sum;
        }
      }
      return out;
    };
  });
}

/** How many of the node's boundaries are not above each number; all of them for NaN. */
const bucketize = tensorOperation(1, (node) => {
  checkType(node, ["float32", "float64", "int32", "int64"]);
  const attr = node.attrs.boundaries;
  const boundaries = attr?.value === "list" ? attr.list.f ?? [] : [];
  return (tensor) => {
    if (tensor.dtype === "string" || tensor.dtype === "bool") throw unsupported(node, tensor.dtype);
    return mapped<number | bigint, number>(tensor, "int32", (value) => {
      const above = boundaries.findIndex((boundary) => Number(value) < boundary);
      return above < 0 ? boundaries.length : above;
    });
  };
});

/** A number for each of the last axis added to it. */
const biasAdd = tensorOperation(2, (node) => {
  checkType(node, ["float32", "float64"]);
  if (textAttr(node, "data_format", "NHWC") !== "NHWC") {
    throw invalid("BiasAdd of another data format than NHWC is not supported");
  }
  return (tensor, bias) => {
    const { shape, dtype } = tensor;
    const length = shape[shape.length - 1];
    if (dtype !== bias.dtype || (dtype !== "float32" && dtype !== "float64")) {
      throw unsupported(node, dtype);
    }
    if (bias.shape.length !== 1 || bias.shape[0] !== length) {
      throw invalid(`BiasAdd of [${shape}] and [${bias.shape}]`);
    }
    const out = newTensor(dtype, shape);
    const [from, more, to] = [
      readable<number>(tensor),
      readable<number>(bias),
      writable<number>(out),
    ];
    for (let i = 0; i < to.length; i++) to[i] = from[i] + more[i % length];
    return out;
  };
});

/** These operations by TensorFlow's names of them. */
export const RANKING: Operations = {
  TopKV2: topKV2,
  TopK: topKV1,
  Unique: unique,
  Softmax: softmax(false),
  LogSoftmax: softmax(true),
  BiasAdd: biasAdd,
  Bucketize: bucketize,
};
