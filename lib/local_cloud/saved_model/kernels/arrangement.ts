/** The same values in other places: turned, joined, cut, repeated. */
import type { Tensor } from "../tensor.ts";
import {
  axisWithin,
  integer,
  integers,
  newTensor,
  readable,
  sameType,
  writable,
} from "./elements.ts";
import {
  intAttr,
  invalid,
  type Operation,
  type Operations,
  tensorOperation,
  tensors,
} from "./kernel.ts";
import { place, stridesOf, viewed } from "./strides.ts";

const transpose = tensorOperation(2, () => (tensor, permutation) => {
  const { shape } = tensor;
  const order = integers(permutation);
  if (order.length !== shape.length || new Set(order).size !== order.length) {
    throw invalid(`[${order}] is no order of the axes of [${shape}]`);
  }
  const axes = order.map((axis) => axisWithin(axis, shape.length));
  const strides = stridesOf(shape);
  return viewed(tensor, {
    shape: axes.map((axis) => shape[axis]),
    strides: axes.map((axis) => strides[axis]),
    offset: 0,
  });
});

/** Joins tensors along an axis that they have. */
function concatenated(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  const fits = (part: Tensor) =>
    part.shape.length === first.shape.length &&
    part.shape.every((dim, at) => at === axis || dim === first.shape[at]);
  for (const part of parts) {
    sameType(first, part);
    if (!fits(part)) throw invalid(`Shapes [${first.shape}] and [${part.shape}] cannot be joined`);
  }
  const length = parts.reduce((sum, { shape }) => sum + shape[axis], 0);
  const out = newTensor(first.dtype, first.shape.with(axis, length));
  const strides = stridesOf(out.shape);
  let offset = 0;
  for (const part of parts) {
    place(part, out, { shape: part.shape, strides, offset });
    offset += part.shape[axis] * strides[axis];
  }
  return out;
}

const concat = tensorOperation({ least: 2 }, () => (...inputs) => {
  const parts = inputs.slice(0, -1);
  const axis = axisWithin(integer(inputs[inputs.length - 1]), parts[0].shape.length);
  return concatenated(parts, axis);
});

const pack = tensorOperation({ least: 1 }, (node) => {
  const given = intAttr(node, "axis", 0);
  return (...parts) => {
    const [{ shape }] = parts;
    const axis = axisWithin(given, shape.length + 1);
    const widened = parts.map((part) => (
      { ...part, shape: part.shape.toSpliced(axis, 0, 1) } as Tensor
    ));
    return concatenated(widened, axis);
  };
});

/** So many parts a tensor is cut into at the most. */
const MOST_PARTS = 2 ** 16;

/** Cuts a tensor along an axis into parts of so many. */
function cut(tensor: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  const { shape } = tensor;
  const strides = stridesOf(shape);
  let start = 0;
  return sizes.map((size) => {
    const offset = start * strides[axis];
    start += size;
    return viewed(tensor, { shape: shape.with(axis, size), strides, offset });
  });
}

const unpack: Operation = {
  make(node) {
    const [given, count] = [intAttr(node, "axis", 0), intAttr(node, "num", 0)];
    return (inputs) => {
      const [tensor] = tensors(inputs);
      const axis = axisWithin(given, tensor.shape.length);
      if (tensor.shape[axis] !== count || count > MOST_PARTS) {
        throw invalid(`[${tensor.shape}] cannot be unpacked into ${count}`);
      }
      const sizes = new Array<number>(count).fill(1);
      return cut(tensor, axis, sizes).map((part) =>
        ({ ...part, shape: part.shape.toSpliced(axis, 1) }) as Tensor
      );
    };
  },
};

const split: Operation = {
  make(node) {
    const count = intAttr(node, "num_split", 1);
    return (inputs) => {
      const [dim, tensor] = tensors(inputs);
      const axis = axisWithin(integer(dim), tensor.shape.length);
      const size = tensor.shape[axis] / count;
      if (!Number.isInteger(size) || count < 1 || count > MOST_PARTS) {
        throw invalid(`[${tensor.shape}] cannot be split into ${count} equal parts`);
      }
      return cut(tensor, axis, new Array<number>(count).fill(size));
    };
  },
};

const splitV: Operation = {
  make: () => (inputs) => {
    const [tensor, given, dim] = tensors(inputs);
    const axis = axisWithin(integer(dim), tensor.shape.length);
    const sizes = integers(given);
    const total = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
    const length = tensor.shape[axis];
    const all = sizes.map((size) => size === -1 ? length - total : size);
    const isRight = all.every((size) => size >= 0) &&
      all.reduce((sum, size) => sum + size, 0) === length;
    if (!isRight) throw invalid(`[${tensor.shape}] cannot be split into [${sizes}]`);
    return cut(tensor, axis, all);
  },
};

const tile = tensorOperation(2, () => (tensor, multiples) => {
  const { shape } = tensor;
  const times = integers(multiples);
  if (times.length !== shape.length) throw invalid(`Tile of [${shape}] by [${times}]`);
  const strides = stridesOf(shape);
  const tiled = viewed(tensor, {
    shape: shape.flatMap((dim, axis) => [times[axis], dim]),
    strides: strides.flatMap((stride) => [0, stride]),
    offset: 0,
  });
  return { ...tiled, shape: shape.map((dim, axis) => dim * times[axis]) } as Tensor;
});

/** Puts a margin around a tensor, of zeros or of a value that is given. */
function pad(count: number): Operation {
  return tensorOperation(count, () => (tensor, margins, value?: Tensor) => {
    const { shape } = tensor;
    const sides = integers(margins);
    if (sides.length !== 2 * shape.length || sides.some((side) => side < 0)) {
      throw invalid(`Pad of [${shape}] by [${sides}]`);
    }
    const size = shape.map((dim, axis) => dim + sides[2 * axis] + sides[2 * axis + 1]);
    const out = newTensor(tensor.dtype, size);
    if (value !== undefined) {
      sameType(tensor, value);
      const [to, one] = [writable<unknown>(out), readable<unknown>(value)[0]];
      for (let i = 0; i < to.length; i++) to[i] = one;
    }
    const strides = stridesOf(size);
    const offset = strides.reduce((sum, stride, axis) => sum + stride * sides[2 * axis], 0);
    place(tensor, out, { shape, strides, offset });
    return out;
  });
}

const reverse = tensorOperation(2, () => (tensor, axes) => {
  const { shape } = tensor;
  const turned = new Set(integers(axes).map((axis) => axisWithin(axis, shape.length)));
  const strides = stridesOf(shape);
  const offset = [...turned].reduce((sum, axis) => sum + strides[axis] * (shape[axis] - 1), 0);
  return viewed(tensor, {
    shape,
    strides: strides.map((stride, axis) => turned.has(axis) ? -stride : stride),
    offset,
  });
});

/** These operations by TensorFlow's names of them. */
export const ARRANGEMENT: Operations = {
  Transpose: transpose,
  ConcatV2: concat,
  Pack: pack,
  Unpack: unpack,
  Split: split,
  SplitV: splitV,
  Tile: tile,
  Pad: pad(2),
  PadV2: pad(3),
  ReverseV2: reverse,
};
