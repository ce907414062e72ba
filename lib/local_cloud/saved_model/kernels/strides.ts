/** Copies between a tensor and a part of another: slices, transpositions, repetitions, joins. */
import type { Tensor } from "../tensor.ts";
import { type Indexed, newTensor } from "./elements.ts";

/** Elements of a list: of position i, j, … at `offset` + i · strides[0] + j · strides[1] + … */
export interface View {
  shape: readonly number[];
  strides: readonly number[];
  offset: number;
}

/** Rows longer than this are copied at once. */
const LONG = 16;

/** The distance of neighbours along each axis, in a tensor of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** A tensor of the elements that a view has of another one. */
export function viewed(tensor: Tensor, view: View): Tensor {
  const out = newTensor(tensor.dtype, view.shape);
  const [from, to] = [tensor.values, out.values] as [Indexed<unknown>, Indexed<unknown>];
  const { rows, length, stride } = rowsOf(view);
  rows((start, at) => copy({ from, start, step: stride }, { to, at, step: 1 }, length));
  return out;
}

/** Writes a tensor's elements to where a view has them in another one. */
export function place(tensor: Tensor, into: Tensor, view: View): void {
  const [from, to] = [tensor.values, into.values] as [Indexed<unknown>, Indexed<unknown>];
  const { rows, length, stride } = rowsOf(view);
  rows((at, start) => copy({ from, start, step: 1 }, { to, at, step: stride }, length));
}

interface Source {
  from: Indexed<unknown>;
  start: number;
  step: number;
}
interface Target {
  to: Indexed<unknown>;
  at: number;
  step: number;
}

function copy({ from, start, step }: Source, target: Target, length: number): void {
  const { to, at } = target;
  if (length > LONG && step === 1 && target.step === 1 && ArrayBuffer.isView(from)) {
    const values = from as unknown as Float64Array;
    (to as unknown as Float64Array).set(values.subarray(start, start + length), at);
    return;
  }
  for (let i = 0; i < length; i++) to[at + i * target.step] = from[start + i * step];
}

/** The rows of a view along its last axis, with axes that lie behind one another as one. */
function rowsOf(view: View) {
  const { shape, strides } = joined(view);
  const last = shape.length - 1;
  const [length, stride] = [shape[last], strides[last]];
  /** Tells where each row begins in the view, and in a list of all elements. */
  const rows = (visit: (start: number, at: number) => void) => {
    if (shape.includes(0)) return;
    const position = new Array<number>(last).fill(0);
    let start = view.offset;
    for (let at = 0;; at += length) {
      visit(start, at);
      let axis = last - 1;
      for (; axis >= 0; axis--) {
        start += strides[axis];
        if (++position[axis] < shape[axis]) break;
        start -= strides[axis] * shape[axis];
        position[axis] = 0;
      }
      if (axis < 0) return;
    }
  };
  return { rows, length, stride };
}

function joined({ shape, strides }: View): { shape: number[]; strides: number[] } {
  const out = { shape: [1], strides: [1] };
  shape.forEach((dim, axis) => {
    if (dim === 1) return;
    const last = out.shape.length - 1;
    const isFirst = last === 0 && out.shape[0] === 1;
    if (isFirst || out.strides[last] === strides[axis] * dim) {
      out.shape[last] *= dim;
      out.strides[last] = strides[axis];
    } else {
      out.shape.push(dim);
      out.strides.push(strides[axis]);
    }
  });
  return out;
}
