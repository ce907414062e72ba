/** Shapes: told, changed, filled. */
import { type DType, shapeFits, shapeOf, sizeOf, type Tensor } from "../tensor.ts";
import { broadcast, broadcastShape } from "./broadcasting.ts";
import {
  axisWithin,
  checkedSize,
  integer,
  integers,
  newTensor,
  readable,
  reshaped,
  scalar,
  vector,
  writable,
} from "./elements.ts";
import {
  indexType,
  intsAttr,
  invalid,
  type Operation,
  type Operations,
  tensorOperation,
  tensors,
  unsupported,
} from "./kernel.ts";

/** What is told of a tensor's shape. */
function told(tell: (dtype: "int32" | "int64", tensor: Tensor) => Tensor): Operation {
  return tensorOperation(1, (node) => {
    const dtype = indexType(node, "out_type");
    return (tensor) => tell(dtype, tensor);
  });
}

/** Dimensions, one of which may be −1: as many as are left. */
function completed(dims: number[], size: number): number[] {
  const at = dims.indexOf(-1);
  if (at < 0) return dims;
  const rest = sizeOf(dims.with(at, 1));
  return dims.with(at, rest === 0 ? 0 : size / rest);
}

const reshape = tensorOperation(2, () => (tensor, dims) => {
  const size = tensor.values.length;
  const shape = completed(integers(dims), size);
  const isShape = shape.every((dim) => Number.isInteger(dim) && dim >= 0);
  if (isShape && sizeOf(shape) === size) return reshaped(tensor, shape);
  throw invalid(`A tensor of ${size} values cannot have the shape [${integers(dims)}]`);
});

const expandDims = tensorOperation(2, () => (tensor, axis) => {
  const at = axisWithin(integer(axis), tensor.shape.length + 1);
  return reshaped(tensor, tensor.shape.toSpliced(at, 0, 1));
});

const squeeze = tensorOperation(1, (node) => {
  const given = intsAttr(node, "squeeze_dims");
  return (tensor) => {
    const { shape } = tensor;
    const axes = new Set(given.map((axis) => axisWithin(axis, shape.length)));
    for (const axis of axes) {
      if (shape[axis] !== 1) throw invalid(`Axis ${axis} of [${shape}] is not of one`);
    }
    const goes = (axis: number) => axes.size === 0 ? shape[axis] === 1 : axes.has(axis);
    return reshaped(tensor, shape.filter((_, axis) => !goes(axis)));
  };
});

function filled(value: number): Operation {
  return tensorOperation(1, (node) => (tensor) => {
    const out = newTensor(tensor.dtype, tensor.shape);
    if (value === 0) return out;
    if (tensor.dtype === "string") throw unsupported(node, tensor.dtype);
    const to = writable<number | bigint>(out);
    for (let i = 0; i < to.length; i++) to[i] = tensor.dtype === "int64" ? BigInt(value) : value;
    return out;
  });
}

const fill = tensorOperation(2, () => (dims, value) => {
  if (value.values.length !== 1) throw invalid("Fill needs one value");
  const out = newTensor(value.dtype, integers(dims));
  const [to, one] = [writable<unknown>(out), readable<unknown>(value)[0]];
  for (let i = 0; i < to.length; i++) to[i] = one;
  return out;
});

const range = tensorOperation(3, (node) => (start, limit, delta) => {
  const types = new Set<DType>([start.dtype, limit.dtype, delta.dtype]);
  if (types.size > 1 || ["string", "bool"].includes(start.dtype)) {
    throw unsupported(node, start.dtype);
  }
  const [from, to, step] = [start, limit, delta].map((one) => Number(readable<number>(one)[0]));
  if (step === 0) throw invalid("A range needs a step");
  const size = Math.max(0, Math.ceil((to - from) / step));
  const out = newTensor(start.dtype, [size]);
  const values = writable<number | bigint>(out);
  const isBig = start.dtype === "int64";
  for (let i = 0; i < size; i++) values[i] = isBig ? BigInt(from + i * step) : from + i * step;
  return out;
});

const broadcastTo = tensorOperation(2, () => (tensor, dims) => {
  const shape = integers(dims);
  checkedSize(shape);
  const common = broadcastShape(tensor.shape, shape);
  if (common.some((dim, axis) => dim !== shape[axis])) {
    throw invalid(`A tensor of the shape [${tensor.shape}] cannot be repeated to [${shape}]`);
  }
  return broadcast(tensor, shape);
});

const broadcastArgs = tensorOperation(2, (node) => {
  const dtype = indexType(node, "T");
  return (a, b) => vector(dtype, broadcastShape(integers(a), integers(b)));
});

const ensureShape = tensorOperation(1, (node) => {
  const attr = node.attrs.shape;
  const wanted = attr?.value === "shape" ? shapeOf(attr.shape) : undefined;
  return (tensor) => {
    const { shape } = tensor;
    if (wanted === undefined || shapeFits(shape, wanted)) return tensor;
    throw invalid(`A tensor of the shape [${shape}] must have the shape [${wanted}]`);
  };
});

/** The shapes of several tensors. */
const shapeN: Operation = {
  make(node) {
    const dtype = indexType(node, "out_type");
    return (inputs) => tensors(inputs).map(({ shape }) => vector(dtype, shape));
  },
};

/** These operations by TensorFlow's names of them. */
export const SHAPES: Operations = {
  Shape: told((dtype, { shape }) => vector(dtype, shape)),
  ShapeN: shapeN,
  Size: told((dtype, { values }) => scalar(dtype, values.length)),
  Rank: tensorOperation(1, () => ({ shape }) => scalar("int32", shape.length)),
  Reshape: reshape,
  ExpandDims: expandDims,
  Squeeze: squeeze,
  ZerosLike: filled(0),
  OnesLike: filled(1),
  Fill: fill,
  Range: range,
  BroadcastTo: broadcastTo,
  BroadcastArgs: broadcastArgs,
  EnsureShape: ensureShape,
};
