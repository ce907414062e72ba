/** Comparisons, logic, and choosing by them. */
import type { DType, Tensor } from "../tensor.ts";
import { broadcast, broadcastShape, eachPair } from "./broadcasting.ts";
import {
  newTensor,
  readable,
  reshaped,
  sameShape,
  sameType,
  vector,
  writable,
} from "./elements.ts";
import {
  boolAttr,
  checkType,
  invalid,
  type Operation,
  type Operations,
  tensorOperation,
  unsupported,
} from "./kernel.ts";
import { mapped } from "./mathematics.ts";

type Compare = (a: number, b: number) => boolean;

const NUMBERS: readonly DType[] = ["float32", "float64", "int32", "int64"];
const ALL: readonly DType[] = [...NUMBERS, "bool", "string"];

function comparison(compare: Compare, types = NUMBERS): Operation {
  return tensorOperation(2, (node) => {
    checkType(node, types);
    return (a, b) => {
      sameType(a, b);
      if (!types.includes(a.dtype)) throw unsupported(node, a.dtype);
      const out = newTensor("bool", broadcastShape(a.shape, b.shape));
      eachPair<number, number>(a, b, out, (x, y) => compare(x, y) ? 1 : 0);
      return out;
    };
  });
}

/** Tensors of shapes that do not fit are unequal as a whole, where a node says so. */
function equality(compare: Compare): Operation {
  const plain = comparison(compare, ALL);
  return {
    make(node) {
      const compute = plain.make(node);
      if (boolAttr(node, "incompatible_shape_error", true)) return compute;
      const unequal = compare(0, 1) ? 1 : 0;
      return (inputs) => {
        const [a, b] = inputs as Tensor[];
        if (fit(a.shape, b.shape)) return compute(inputs);
        return [{ dtype: "bool", shape: [], values: Uint8Array.of(unequal) }];
      };
    },
  };
}

function fit(a: readonly number[], b: readonly number[]): boolean {
  const common = Math.min(a.length, b.length);
  for (let i = 1; i <= common; i++) {
    const [x, y] = [a[a.length - i], b[b.length - i]];
    if (x !== y && x !== 1 && y !== 1) return false;
  }
  return true;
}

function logical(compute: (a: number, b: number) => number): Operation {
  return tensorOperation(2, (node) => (a, b) => {
    if (a.dtype !== "bool" || b.dtype !== "bool") throw unsupported(node, a.dtype);
    const out = newTensor("bool", broadcastShape(a.shape, b.shape));
    eachPair<number, number>(a, b, out, compute);
    return out;
  });
}

/** Elements of `a` where `condition` is true, else of `b`; all of the same shape. */
function chosen(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const out = newTensor(a.dtype, a.shape);
  const [test, x, y] = [readable<number>(condition), readable<unknown>(a), readable<unknown>(b)];
  const to = writable<unknown>(out);
  for (let i = 0; i < to.length; i++) to[i] = test[i] ? x[i] : y[i];
  return out;
}

const selectV2 = tensorOperation(3, (node) => (condition, a, b) => {
  if (condition.dtype !== "bool") throw unsupported(node, condition.dtype);
  sameType(a, b);
  const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape));
  return chosen(broadcast(condition, shape), broadcast(a, shape), broadcast(b, shape));
});

/** The older one: a condition of the same shape, or of one value for each row, or of one value. */
const select = tensorOperation(3, (node) => (condition, a, b) => {
  if (condition.dtype !== "bool") throw unsupported(node, condition.dtype);
  sameType(a, b);
  if (!sameShape(a.shape, b.shape)) throw invalid(`Select of [${a.shape}] and [${b.shape}]`);
  const { shape } = condition;
  const isRows = shape.length === 1 && shape[0] === a.shape[0];
  if (shape.length > 0 && !isRows && !sameShape(shape, a.shape)) {
    throw invalid(`A condition of the shape [${shape}] does not fit [${a.shape}]`);
  }
  const column = isRows
    ? reshaped(condition, [shape[0], ...a.shape.slice(1).map(() => 1)])
    : condition;
  return chosen(broadcast(column, a.shape), a, b);
});

/** The positions of all that is not zero, one in each row. */
const where = tensorOperation(1, (node) => (tensor) => {
  if (tensor.dtype === "string") throw unsupported(node, tensor.dtype);
  const rank = tensor.shape.length;
  const found: number[] = [];
  const values = readable<number | bigint>(tensor);
  for (let at = 0; at < values.length; at++) if (Number(values[at]) !== 0) found.push(at);
  const positions: number[] = [];
  for (const at of found) {
    let rest = at;
    const position = new Array<number>(rank);
    for (let axis = rank - 1; axis >= 0; axis--) {
      position[axis] = rest % tensor.shape[axis];
      rest = Math.floor(rest / tensor.shape[axis]);
    }
    positions.push(...position);
  }
  return reshaped(vector("int64", positions), [found.length, rank]);
});

/** These operations by TensorFlow's names of them. */
export const COMPARISON: Operations = {
  Equal: equality((a, b) => a === b),
  NotEqual: equality((a, b) => a !== b),
  Less: comparison((a, b) => a < b),
  LessEqual: comparison((a, b) => a <= b),
  Greater: comparison((a, b) => a > b),
  GreaterEqual: comparison((a, b) => a >= b),
  LogicalAnd: logical((a, b) => a & b),
  LogicalOr: logical((a, b) => a | b),
  LogicalNot: tensorOperation(1, (node) => (a) => {
    if (a.dtype !== "bool") throw unsupported(node, a.dtype);
    return mapped<number, number>(a, "bool", (value) => 1 - value);
  }),
  SelectV2: selectV2,
  Select: select,
  Where: where,
};
