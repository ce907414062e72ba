/** Parts of tensors, as Python writes them: `x[1:, ..., -1]`. */
import { integers, sameShape } from "./elements.ts";
import {
  intAttr,
  invalid,
  type KernelNode,
  type Operation,
  type Operations,
  tensorOperation,
} from "./kernel.ts";
import { stridesOf, viewed } from "./strides.ts";

const slice = tensorOperation(3, () => (tensor, begin, size) => {
  const { shape } = tensor;
  const [starts, sizes] = [integers(begin), integers(size)];
  if (starts.length !== shape.length || sizes.length !== shape.length) {
    throw invalid(`Slice of [${shape}] from [${starts}] of [${sizes}]`);
  }
  const lengths = sizes.map((length, axis) => length === -1 ? shape[axis] - starts[axis] : length);
  lengths.forEach((length, axis) => {
    const isWithin = starts[axis] >= 0 && length >= 0 && starts[axis] + length <= shape[axis];
    if (!isWithin) throw invalid(`Slice of [${shape}] from [${starts}] of [${sizes}]`);
  });
  const strides = stridesOf(shape);
  const offset = strides.reduce((sum, stride, axis) => sum + stride * starts[axis], 0);
  return viewed(tensor, { shape: lengths, strides, offset });
});

/** What one position of a slice asks for. */
interface Asked {
  kind: "range" | "new" | "one" | "all";
  begin?: number;
  end?: number;
  step: number;
}

const MASKS = ["begin", "end", "ellipsis", "new_axis", "shrink_axis"] as const;

function masksOf(node: KernelNode) {
  const [begin, end, ellipsis, newAxis, shrink] = MASKS.map((name) => {
    const mask = intAttr(node, `${name}_mask`, 0);
    return (at: number) => at < 31 && ((mask >> at) & 1) === 1;
  });
  return { begin, end, ellipsis, newAxis, shrink };
}

type Masks = ReturnType<typeof masksOf>;

/** One entry for each axis of the tensor and each new one. */
function askedOf(masks: Masks, given: number[][], rank: number): Asked[] {
  const [begins, ends, steps] = given;
  const positions = begins.map((_, at) => at);
  const taking = positions.filter((at) => !masks.ellipsis(at) && !masks.newAxis(at)).length;
  if (taking > rank) throw invalid(`A slice of ${taking} axes of a tensor of rank ${rank}`);
  const rest = new Array<Asked>(rank - taking).fill({ kind: "all", step: 1 });
  const dots = positions.filter((at) => masks.ellipsis(at));
  if (dots.length > 1) throw invalid("A slice can have one ellipsis");
  const asked = positions.flatMap((at): Asked[] => {
    if (masks.ellipsis(at)) return rest;
    if (masks.newAxis(at)) return [{ kind: "new", step: 1 }];
    const kind = masks.shrink(at) ? "one" : "range";
    return [{
      kind,
      begin: masks.begin(at) && kind === "range" ? undefined : begins[at],
      end: masks.end(at) ? undefined : ends[at],
      step: steps[at],
    }];
  });
  return dots.length > 0 ? asked : [...asked, ...rest];
}

/** The first position, and how many there are, of `begin:end:step` in an axis of `dim`. */
function rangeOf({ begin, end, step }: Asked, dim: number): { start: number; length: number } {
  if (step === 0) throw invalid("A slice needs a step");
  const [low, high] = step > 0 ? [0, dim] : [-1, dim - 1];
  const within = (at: number) => Math.min(Math.max(at < 0 ? at + dim : at, low), high);
  const start = begin === undefined ? (step > 0 ? low : high) : within(begin);
  const stop = end === undefined ? (step > 0 ? high : low) : within(end);
  return { start, length: Math.max(0, Math.ceil((stop - start) / step)) };
}

function oneOf({ begin = 0, step }: Asked, dim: number): number {
  const at = begin < 0 ? begin + dim : begin;
  if (step > 0 && at >= 0 && at < dim) return at;
  throw invalid(`Slice index ${begin} of an axis of ${dim} is out of bounds`);
}

const stridedSlice: Operation = tensorOperation(4, (node) => {
  const masks = masksOf(node);
  return (tensor, begin, end, step) => {
    const given = [begin, end, step].map(integers);
    if (!sameShape(begin.shape, end.shape) || !sameShape(begin.shape, step.shape)) {
      throw invalid("A slice needs as many ends and steps as begins");
    }
    const own = stridesOf(tensor.shape);
    const view = { shape: [] as number[], strides: [] as number[], offset: 0 };
    let axis = 0;
    for (const asked of askedOf(masks, given, tensor.shape.length)) {
      if (asked.kind === "new") {
        view.shape.push(1);
        view.strides.push(0);
        continue;
      }
      const [dim, stride] = [tensor.shape[axis], own[axis++]];
      if (asked.kind === "one") {
        view.offset += oneOf(asked, dim) * stride;
        continue;
      }
      const { start, length } = rangeOf(asked, dim);
      view.offset += start * stride;
      view.shape.push(length);
      view.strides.push(stride * asked.step);
    }
    return viewed(tensor, view);
  };
});

/** These operations by TensorFlow's names of them. */
export const SLICES: Operations = { Slice: slice, StridedSlice: stridedSlice };
