/** Operations on two tensors, element by element, the smaller one repeated where it has one. */
import type { Tensor } from "../tensor.ts";
import { type Indexed, readable, sameShape, writable } from "./elements.ts";
import { invalid } from "./kernel.ts";
import { stridesOf, viewed } from "./strides.ts";

/**
 * The shape that two shapes have in common.
 *
 * @throws {CloudError} `invalid`, if they have none.
 */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw invalid(`Incompatible shapes: [${a}] and [${b}]`);
    }
    shape[axis] = x === 1 ? y : x;
  }
  return shape;
}

/** Strides of a tensor as if it had a larger shape: 0 along what is repeated. */
export function broadcastStrides(from: readonly number[], shape: readonly number[]): number[] {
  const own = stridesOf(from);
  return shape.map((_, axis) => {
    const at = axis - shape.length + from.length;
    return at < 0 || from[at] === 1 ? 0 : own[at];
  });
}

/** A tensor repeated to a larger shape. */
export function broadcast(tensor: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(tensor.shape, shape)) return tensor;
  return viewed(tensor, { shape, strides: broadcastStrides(tensor.shape, shape), offset: 0 });
}

/** Writes `compute` of each pair of elements of `a` and `b` into `out`, whose shape is the common one. */
export function eachPair<A, R>(a: Tensor, b: Tensor, out: Tensor, compute: (a: A, b: A) => R) {
  const [x, y, to] = [readable<A>(a), readable<A>(b), writable<R>(out)];
  if (to.length === 0) return;
  if (sameShape(a.shape, b.shape)) {
    for (let i = 0; i < to.length; i++) to[i] = compute(x[i], y[i]);
  } else if (y.length === 1) {
    const right = y[0];
    for (let i = 0; i < to.length; i++) to[i] = compute(x[i], right);
  } else if (x.length === 1) {
    const left = x[0];
    for (let i = 0; i < to.length; i++) to[i] = compute(left, y[i]);
  } else {
    eachRepeated([x, a.shape], [y, b.shape], [to, out.shape], compute);
  }
}

function eachRepeated<A, R>(
  [x, xShape]: [Indexed<A>, readonly number[]],
  [y, yShape]: [Indexed<A>, readonly number[]],
  [to, shape]: [Indexed<R>, readonly number[]],
  compute: (a: A, b: A) => R,
): void {
  const [xs, ys] = [broadcastStrides(xShape, shape), broadcastStrides(yShape, shape)];
  const last = shape.length - 1;
  const [length, xStep, yStep] = [shape[last], xs[last], ys[last]];
  const position = new Array<number>(last).fill(0);
  for (let at = 0, i = 0, j = 0; at < to.length; at += length) {
    for (let k = 0; k < length; k++) to[at + k] = compute(x[i + k * xStep], y[j + k * yStep]);
    for (let axis = last - 1; axis >= 0; axis--) {
      i += xs[axis];
      j += ys[axis];
      if (++position[axis] < shape[axis]) break;
      i -= xs[axis] * shape[axis];
      j -= ys[axis] * shape[axis];
      position[axis] = 0;
    }
  }
}
