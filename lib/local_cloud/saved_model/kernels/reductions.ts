/** Many values to one: sums, extremes, positions of extremes, running sums. */
import type { DType, Tensor } from "../tensor.ts";
import {
  axisWithin,
  type Indexed,
  integer,
  integers,
  newTensor,
  readable,
  reshaped,
  writable,
} from "./elements.ts";
import {
  boolAttr,
  checkType,
  indexType,
  type KernelNode,
  type Operation,
  type Operations,
  tensorOperation,
  typeAttr,
  unsupported,
} from "./kernel.ts";
import { stridesOf, viewed } from "./strides.ts";

/** Reduces the values from `start` to before `end`. */
type Reduce<T> = (values: Indexed<T>, start: number, end: number) => T;

interface Reduction {
  float?: Reduce<number>;
  int32?: Reduce<number>;
  int64?: Reduce<bigint>;
  bool?: Reduce<number>;
}

/** A reduction that takes in one value after the other. */
function fold<T>(first: T, add: (all: T, one: T) => T): Reduce<T> {
  return (values, start, end) => {
    let all = first;
    for (let i = start; i < end; i++) all = add(all, values[i]);
    return all;
  };
}

function sum(values: Indexed<number>, start: number, end: number): number {
  let all = 0;
  for (let i = start; i < end; i++) all += values[i];
  return all;
}

/** The tensor with the axes to be reduced as the last ones, and what each of the two has. */
function rows(tensor: Tensor, axes: number[]) {
  const { shape } = tensor;
  const reduced = new Set(axes.map((axis) => axisWithin(axis, shape.length)));
  const order = shape.map((_, axis) => axis);
  const kept = order.filter((axis) => !reduced.has(axis));
  const sorted = [...kept, ...order.filter((axis) => reduced.has(axis))];
  const length = [...reduced].reduce((n, axis) => n * shape[axis], 1);
  const isInOrder = sorted.every((axis, at) => axis === at);
  const strides = stridesOf(shape);
  const values = isInOrder ? tensor : viewed(tensor, {
    shape: sorted.map((axis) => shape[axis]),
    strides: sorted.map((axis) => strides[axis]),
    offset: 0,
  });
  return { values, length, reduced, shape: kept.map((axis) => shape[axis]) };
}

const keptShape = (shape: readonly number[], reduced: Set<number>) =>
  shape.map((dim, axis) => reduced.has(axis) ? 1 : dim);

function reduceOf(node: KernelNode, reduction: Reduction, dtype: DType): Reduce<unknown> {
  const reduce = dtype === "float32" || dtype === "float64"
    ? reduction.float
    : dtype === "string"
    ? undefined
    : reduction[dtype];
  if (reduce === undefined) throw unsupported(node, dtype);
  return reduce as Reduce<unknown>;
}

function operation(reduction: Reduction): Operation {
  return tensorOperation(2, (node) => {
    const keeps = boolAttr(node, "keep_dims");
    const declared = typeAttr(node, "T");
    if (declared !== undefined) reduceOf(node, reduction, declared);
    return (tensor, axes) => {
      const reduce = reduceOf(node, reduction, tensor.dtype);
      const { values, length, shape, reduced } = rows(tensor, integers(axes));
      const out = newTensor(tensor.dtype, shape);
      const [from, to] = [readable(values), writable(out)];
      for (let i = 0; i < to.length; i++) to[i] = reduce(from, i * length, (i + 1) * length);
      return keeps ? reshaped(out, keptShape(tensor.shape, reduced)) : out;
    };
  });
}

/**
 * The position of the first of the best values along an axis. One that is NaN is never better, nor
 * is one beyond the `worst` finite number; where none is better, it is the first.
 */
function position(
  isBetter: (a: number, b: number) => boolean,
  worst: { float32: number; float64: number },
): Operation {
  return tensorOperation(2, (node) => {
    const dtype = indexType(node, "output_type", "int64");
    return (tensor, axis) => {
      if (tensor.dtype === "string") throw unsupported(node, tensor.dtype);
      const isFloat = tensor.dtype === "float32" || tensor.dtype === "float64";
      const { values, length, shape } = rows(tensor, [integer(axis)]);
      if (length === 0) throw unsupported(node, "no values");
      const out = newTensor(dtype, shape);
      const [from, to] = [readable<number>(values), writable<number | bigint>(out)];
      for (let i = 0; i < to.length; i++) {
        const start = i * length;
        let [best, found] = [isFloat ? worst[tensor.dtype as keyof typeof worst] : from[start], 0];
        for (let at = 0; at < length; at++) {
          if (isBetter(from[start + at], best)) [best, found] = [from[start + at], at];
        }
        to[i] = dtype === "int64" ? BigInt(found) : found;
      }
      return out;
    };
  });
}

/** Sums or products of all values up to each one along an axis. */
function running(float: (a: number, b: number) => number, first: number): Operation {
  return tensorOperation(2, (node) => {
    checkType(node, ["float32", "float64"]);
    const [isExclusive, isReverse] = [boolAttr(node, "exclusive"), boolAttr(node, "reverse")];
    return (tensor, axisTensor) => {
      if (tensor.dtype !== "float32" && tensor.dtype !== "float64") {
        throw unsupported(node, tensor.dtype);
      }
      const { shape, dtype } = tensor;
      const axis = axisWithin(integer(axisTensor), shape.length);
      const out = newTensor(dtype, shape);
      const [from, to] = [readable<number>(tensor), writable<number>(out)];
      const [length, step] = [shape[axis], stridesOf(shape)[axis]];
      for (let i = 0; i < from.length; i++) {
        if (Math.floor(i / step) % length !== 0) continue;
        let all = first;
        for (let k = 0; k < length; k++) {
          const at = i + step * (isReverse ? length - 1 - k : k);
          const with_ = float(all, from[at]);
          to[at] = isExclusive ? all : with_;
          all = with_;
        }
      }
      return out;
    };
  });
}

/** Σ x² / 2. */
const l2Loss = tensorOperation(1, (node) => {
  checkType(node, ["float32", "float64"]);
  return (tensor) => {
    if (tensor.dtype !== "float32" && tensor.dtype !== "float64") {
      throw unsupported(node, tensor.dtype);
    }
    const out = newTensor(tensor.dtype, []);
    const values = readable<number>(tensor);
    let all = 0;
    for (let i = 0; i < values.length; i++) all += values[i] * values[i];
    writable<number>(out)[0] = all / 2;
    return out;
  };
});

const MAX_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;
const MIN_INT64 = -(2n ** 63n);
const larger = (a: number, b: number) => a > b || a !== a ? a : b;
const smaller = (a: number, b: number) => a < b || a !== a ? a : b;

/** These operations by TensorFlow's names of them. */
export const REDUCTIONS: Operations = {
  Sum: operation({
    float: sum,
    int32: fold(0, (a, b) => (a + b) | 0),
    int64: fold(0n, (a, b) => BigInt.asIntN(64, a + b)),
  }),
  Mean: operation({ float: (values, start, end) => sum(values, start, end) / (end - start) }),
  Prod: operation({
    float: fold(1, (a, b) => a * b),
    int32: fold(1, Math.imul),
    int64: fold(1n, (a, b) => BigInt.asIntN(64, a * b)),
  }),
  Max: operation({
    float: fold(-Infinity, larger),
    int32: fold(-(2 ** 31), Math.max),
    int64: fold(MIN_INT64, (a, b) => a > b ? a : b),
  }),
  Min: operation({
    float: fold(Infinity, smaller),
    int32: fold(2 ** 31 - 1, Math.min),
    int64: fold(-MIN_INT64 - 1n, (a, b) => a < b ? a : b),
  }),
  All: operation({ bool: fold(1, (a, b) => a & b) }),
  Any: operation({ bool: fold(0, (a, b) => a | b) }),
  ArgMax: position((a, b) => a > b, { float32: -MAX_FLOAT32, float64: -Number.MAX_VALUE }),
  ArgMin: position((a, b) => a < b, { float32: MAX_FLOAT32, float64: Number.MAX_VALUE }),
  Cumsum: running((a, b) => a + b, 0),
  Cumprod: running((a, b) => a * b, 1),
  L2Loss: l2Loss,
};
