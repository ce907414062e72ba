/** Products of matrices. */
import type { Tensor } from "../tensor.ts";
import { broadcastShape, broadcastStrides } from "./broadcasting.ts";
import {
  checkedSize,
  countWork,
  type Indexed,
  newTensor,
  readable,
  sameType,
  writable,
} from "./elements.ts";
import {
  boolAttr,
  checkType,
  invalid,
  type KernelNode,
  type Operation,
  type Operations,
  tensorOperation,
  unsupported,
} from "./kernel.ts";

/** Where the elements of a matrix are: row · rowStep + column · columnStep. */
interface Matrix {
  rows: number;
  columns: number;
  rowStep: number;
  columnStep: number;
}

function matrixOf(shape: readonly number[], isTransposed: boolean): Matrix {
  const [rows, columns] = shape.slice(-2);
  return isTransposed
    ? { rows: columns, columns: rows, rowStep: 1, columnStep: columns }
    : { rows, columns, rowStep: columns, columnStep: 1 };
}

/** The shapes of a product: of one of its matrices, and of all. */
function shapesOf(a: Tensor, b: Tensor, isTransposed: [boolean, boolean]) {
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw invalid(`Matrices are needed here, not shapes [${a.shape}] and [${b.shape}]`);
  }
  const x = matrixOf(a.shape, isTransposed[0]);
  const y = matrixOf(b.shape, isTransposed[1]);
  if (x.columns !== y.rows) {
    throw invalid(`Matrices of shapes [${a.shape}] and [${b.shape}] cannot be multiplied`);
  }
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return { x, y, batch, shape: [...batch, x.rows, y.columns] };
}

function product(node: KernelNode, a: Tensor, b: Tensor, isTransposed: [boolean, boolean]): Tensor {
  sameType(a, b);
  const { x, y, batch, shape } = shapesOf(a, b, isTransposed);
  const out = newTensor(a.dtype, shape);
  countWork(out.values.length * x.columns);
  const multiply = multiplicationOf(node, a);
  const steps = [a, b].map((one, i) => {
    const outer = one.shape.slice(0, -2);
    return broadcastStrides(outer, batch).map((stride) =>
      stride * [x, y][i].rows * [x, y][i].columns
    );
  });
  const count = checkedSize(batch);
  const position = batch.map(() => 0);
  for (let one = 0; one < count; one++) {
    const [i, j] = steps.map((step) => step.reduce((sum, n, axis) => sum + n * position[axis], 0));
    multiply([a, i, x], [b, j, y], [out, one * x.rows * y.columns]);
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      if (++position[axis] < batch[axis]) break;
      position[axis] = 0;
    }
  }
  return out;
}

type Factor = [tensor: Tensor, start: number, matrix: Matrix];
type Multiply = (a: Factor, b: Factor, out: [tensor: Tensor, start: number]) => void;

function multiplicationOf(node: KernelNode, { dtype }: Tensor): Multiply {
  switch (dtype) {
    case "float32":
    case "float64":
      return multiplyFloats;
    case "int32":
      return multiplier<number>(0, (sum, a, b) => (sum + Math.imul(a, b)) | 0);
    case "int64":
      return multiplier<bigint>(0n, (sum, a, b) => BigInt.asIntN(64, sum + a * b));
    default:
      throw unsupported(node, dtype);
  }
}

/** Sums are of float64; float32 ones are rounded once. */
function multiplyFloats([a, i, x]: Factor, [b, j, y]: Factor, [out, at]: [Tensor, number]): void {
  const [left, right, to] = [readable<number>(a), readable<number>(b), writable<number>(out)];
  for (let row = 0; row < x.rows; row++) {
    const start = i + row * x.rowStep;
    for (let column = 0; column < y.columns; column++) {
      let sum = 0;
      let p = start;
      let q = j + column * y.columnStep;
      for (let k = 0; k < x.columns; k++) {
        sum += left[p] * right[q];
        p += x.columnStep;
        q += y.rowStep;
      }
      to[at + row * y.columns + column] = sum;
    }
  }
}

function multiplier<T>(zero: T, add: (sum: T, a: T, b: T) => T): Multiply {
  return ([a, i, x], [b, j, y], [out, at]) => {
    const [left, right, to]: Indexed<T>[] = [readable(a), readable(b), writable(out)];
    for (let row = 0; row < x.rows; row++) {
      for (let column = 0; column < y.columns; column++) {
        let sum = zero;
        for (let k = 0; k < x.columns; k++) {
          const p = i + row * x.rowStep + k * x.columnStep;
          sum = add(sum, left[p], right[j + k * y.rowStep + column * y.columnStep]);
        }
        to[at + row * y.columns + column] = sum;
      }
    }
  };
}

function operation(first: string, second: string, isBatch: boolean): Operation {
  return tensorOperation(2, (node) => {
    checkType(node, ["float32", "float64", "int32", "int64"]);
    const isTransposed: [boolean, boolean] = [boolAttr(node, first), boolAttr(node, second)];
    return (a, b) => {
      if (!isBatch && (a.shape.length !== 2 || b.shape.length !== 2)) {
        throw invalid(`MatMul needs two matrices, not shapes [${a.shape}] and [${b.shape}]`);
      }
      return product(node, a, b, isTransposed);
    };
  });
}

/** These operations by TensorFlow's names of them. */
export const MATMUL: Operations = {
  MatMul: operation("transpose_a", "transpose_b", false),
  BatchMatMul: operation("adj_x", "adj_y", true),
  BatchMatMulV2: operation("adj_x", "adj_y", true),
};
