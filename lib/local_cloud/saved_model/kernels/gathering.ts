/** Values by their positions, and positions by values. */
import { sizeOf, type Tensor } from "../tensor.ts";
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
  indexType,
  intAttr,
  invalid,
  type KernelNode,
  type Operation,
  type Operations,
  tensorOperation,
  type Value,
} from "./kernel.ts";
import { valueOf } from "./variables.ts";

/** Positions as numbers, whatever their type. */
function positionsIn(indices: Tensor, limit: number): ArrayLike<number> {
  if (indices.dtype !== "int32" && indices.dtype !== "int64") {
    throw invalid(`Positions must be whole numbers, not ${indices.dtype}`);
  }
  const positions = indices.dtype === "int32"
    ? indices.values
    : Float64Array.from(indices.values, Number);
  for (let i = 0; i < positions.length; i++) {
    const at = positions[i];
    if (!(at >= 0 && at < limit)) throw invalid(`indices[${i}] = ${at} is not in [0, ${limit})`);
  }
  return positions;
}

/**
 * Slices of `params` along `axis` by their positions. The first `batchDims` axes of both go
 * together.
 */
function gathered(params: Tensor, indices: Tensor, axis: number, batchDims: number): Tensor {
  const { shape } = params;
  if (batchDims > axis || batchDims > indices.shape.length) {
    throw invalid(`Gather cannot have ${batchDims} batch axes`);
  }
  for (let at = 0; at < batchDims; at++) {
    if (shape[at] !== indices.shape[at]) {
      throw invalid(`Gather of [${shape}] by [${indices.shape}] in ${batchDims} batch axes`);
    }
  }
  const [dim, inner] = [shape[axis], sizeOf(shape.slice(axis + 1))];
  const batch = sizeOf(shape.slice(0, batchDims));
  const outer = sizeOf(shape.slice(batchDims, axis));
  const list = indices.shape.slice(batchDims);
  const out = newTensor(params.dtype, [...shape.slice(0, axis), ...list, ...shape.slice(axis + 1)]);
  const positions = positionsIn(indices, dim);
  const [from, to, count] = [readable(params), writable(out), sizeOf(list)];
  let at = 0;
  if (to.length === 0) return out;
  for (let b = 0; b < batch; b++) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < count; i++) {
        const start = ((b * outer + o) * dim + positions[b * count + i]) * inner;
        for (let k = 0; k < inner; k++) to[at++] = from[start + k];
      }
    }
  }
  return out;
}

const gatherV2 = tensorOperation(3, (node) => {
  const batchDims = intAttr(node, "batch_dims", 0);
  return (params, indices, axis) => {
    const rank = indices.shape.length;
    const dims = batchDims < 0 ? batchDims + rank : batchDims;
    return gathered(params, indices, axisWithin(integer(axis), params.shape.length), dims);
  };
});

/** The elements at positions that have one number for each of the first axes. */
function gatheredNd(params: Tensor, indices: Tensor): Tensor {
  const depth = indices.shape[indices.shape.length - 1];
  if (depth === undefined || depth > params.shape.length) {
    throw invalid(`GatherNd of [${params.shape}] by [${indices.shape}]`);
  }
  const [list, rest] = [indices.shape.slice(0, -1), params.shape.slice(depth)];
  const out = newTensor(params.dtype, [...list, ...rest]);
  const [from, to, inner] = [readable(params), writable(out), sizeOf(rest)];
  const positions = integers(indices);
  const count = inner === 0 ? 0 : sizeOf(list);
  for (let i = 0; i < count; i++) {
    let start = 0;
    for (let axis = 0; axis < depth; axis++) {
      const [at, dim] = [positions[i * depth + axis], params.shape[axis]];
      if (!(at >= 0 && at < dim)) throw invalid(`indices[${i}] = ${at} is not in [0, ${dim})`);
      start = start * dim + at;
    }
    for (let k = 0; k < inner; k++) to[i * inner + k] = from[start * inner + k];
  }
  return out;
}

/** The same of a variable. */
function ofVariable(gather: (node: KernelNode) => (p: Tensor, i: Tensor) => Tensor): Operation {
  return {
    make(node) {
      const compute = gather(node);
      return ([handle, indices]: readonly Value[]) => [compute(valueOf(handle), indices as Tensor)];
    },
  };
}

const oneHot = tensorOperation(4, (node) => {
  const given = intAttr(node, "axis", -1);
  return (indices, depthTensor, on, off) => {
    sameType(on, off);
    const depth = integer(depthTensor);
    const { shape } = indices;
    const axis = axisWithin(given, shape.length + 1);
    const out = newTensor(on.dtype, shape.toSpliced(axis, 0, depth));
    const [to, yes, no] = [writable(out), readable(on)[0], readable(off)[0]];
    for (let i = 0; i < to.length; i++) to[i] = no;
    const inner = sizeOf(shape.slice(axis));
    integers(indices).forEach((position, i) => {
      if (position < 0 || position >= depth) return;
      const outer = Math.floor(i / inner);
      to[(outer * depth + position) * inner + i % inner] = yes;
    });
    return out;
  };
});

/** Where values would stand in sorted lists: before what is equal, or after it. */
function bound(isBefore: (listed: number, value: number) => boolean): Operation {
  return tensorOperation(2, (node) => {
    const dtype = indexType(node, "out_type");
    return (lists, values) => {
      sameType(lists, values);
      const [[rows, length], [others, count]] = [lists.shape, values.shape];
      if (lists.dtype === "string" || lists.shape.length !== 2 || rows !== others) {
        throw invalid(`${node.op} of [${lists.shape}] and [${values.shape}]`);
      }
      const out = newTensor(dtype, values.shape);
      const [list, asked] = [readable<number>(lists), readable<number>(values)];
      const to = writable<number | bigint>(out);
      for (let i = 0; i < asked.length; i++) {
        let [low, high] = [0, length];
        const start = Math.floor(i / count) * length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (isBefore(list[start + middle], asked[i])) low = middle + 1;
          else high = middle;
        }
        to[i] = dtype === "int64" ? BigInt(low) : low;
      }
      return out;
    };
  });
}

/** These operations by TensorFlow's names of them. */
export const GATHERING: Operations = {
  Gather: tensorOperation(2, () => (params, indices) => gathered(params, indices, 0, 0)),
  GatherV2: gatherV2,
  GatherNd: tensorOperation(2, () => gatheredNd),
  ResourceGather: ofVariable((node) => {
    const batchDims = intAttr(node, "batch_dims", 0);
    return (params, indices) => gathered(params, indices, batchDims, batchDims);
  }),
  ResourceGatherNd: ofVariable(() => gatheredNd),
  OneHot: oneHot,
  LowerBound: bound((listed, value) => listed < value),
  UpperBound: bound((listed, value) => listed <= value),
};
