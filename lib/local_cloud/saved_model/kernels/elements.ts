/** New tensors within bounds, and what is read from small ones: shapes, axes, positions. */
import { type DType, sizeOf, type Tensor } from "../tensor.ts";
import { invalid } from "./invalid.ts";

/** Values of one type, however they are stored. */
export interface Indexed<T> {
  [at: number]: T;
  readonly length: number;
}

/** A tensor of one type. */
export type TensorOf<D extends DType> = Extract<Tensor, { dtype: D }>;

/** Values of one tensor at the most: half a gigabyte of float64. */
const MOST_VALUES = 2 ** 26;
/** Values of all tensors of one run, or of one loading. */
const MOST_IN_ALL = 2 ** 28;

let left = MOST_IN_ALL;

/** Gives the tensors that are made from here on their room: a model must not take all memory. */
export function resetRoom(): void {
  left = MOST_IN_ALL;
}

/**
 * The number of values of a shape.
 *
 * @throws {CloudError} `invalid`, if they are too many, or too many with those made before.
 */
export function checkedSize(shape: readonly number[]): number {
  const size = sizeOf(shape);
  if (!(size <= MOST_VALUES && size >= 0 && shape.every((dim) => dim >= 0))) {
    throw invalid(`A tensor of the shape [${shape}] is too large, or is none`);
  }
  left -= size;
  if (left < 0) throw invalid("The model needs too much memory: ask it for fewer rows at once");
  return size;
}

/** So many multiplications count as one value made. */
const WORK_OF_A_VALUE = 64;

/**
 * Counts multiplications: a model must not take all time either.
 *
 * @throws {CloudError} `invalid`, if they are too many, some tens of seconds.
 */
export function countWork(multiplications: number): void {
  left -= multiplications / WORK_OF_A_VALUE;
  if (!(left >= 0)) throw invalid("The model computes too much: ask it for fewer rows at once");
}

const MAKE: { [D in DType]: (size: number) => TensorOf<D>["values"] } = {
  float32: (size) => new Float32Array(size),
  float64: (size) => new Float64Array(size),
  int32: (size) => new Int32Array(size),
  int64: (size) => new BigInt64Array(size),
  bool: (size) => new Uint8Array(size),
  string: (size) => new Array<string>(size).fill(""),
};

/** A tensor of zeros (empty texts) to be filled by {@link writable}. */
export function newTensor<D extends DType>(dtype: D, shape: readonly number[]): TensorOf<D> {
  const values = MAKE[dtype](checkedSize(shape));
  return { dtype, shape, values } as unknown as TensorOf<D>;
}

/** The values of a tensor that was just made, to write them. */
export const writable = <T>(tensor: Tensor): Indexed<T> => tensor.values as unknown as Indexed<T>;

/** The values of a tensor, to read them. */
export const readable = <T>(tensor: Tensor): Indexed<T> => tensor.values as unknown as Indexed<T>;

/** The same values in another shape of the same size. */
export const reshaped = (tensor: Tensor, shape: readonly number[]): Tensor =>
  ({ ...tensor, shape }) as Tensor;

/** One number of a type. */
export function scalar(dtype: "int32" | "int64", value: number): Tensor {
  return dtype === "int32"
    ? { dtype, shape: [], values: Int32Array.of(value) }
    : { dtype, shape: [], values: BigInt64Array.of(BigInt(value)) };
}

/** Whole numbers as a list of a type. */
export function vector(dtype: "int32" | "int64", values: readonly number[]): Tensor {
  return dtype === "int32"
    ? { dtype, shape: [values.length], values: Int32Array.from(values) }
    : { dtype, shape: [values.length], values: BigInt64Array.from(values, BigInt) };
}

/**
 * The values of a tensor of whole numbers.
 *
 * @throws {CloudError} `invalid`, for another type.
 */
export function integers(tensor: Tensor): number[] {
  if (tensor.dtype === "int32") return [...tensor.values];
  if (tensor.dtype === "int64") return Array.from(tensor.values, Number);
  throw invalid(`Whole numbers are needed here, not ${tensor.dtype}`);
}

/**
 * The value of a tensor of one whole number.
 *
 * @throws {CloudError} `invalid`, if it is none.
 */
export function integer(tensor: Tensor): number {
  const values = integers(tensor);
  if (values.length === 1) return values[0];
  throw invalid(`One whole number is needed here, not ${values.length}`);
}

/**
 * A position from 0; a negative one counts from the end.
 *
 * @throws {CloudError} `invalid`, outside of `rank`.
 */
export function axisWithin(axis: number, rank: number): number {
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  throw invalid(`There is no axis ${axis} in a tensor of rank ${rank}`);
}

/**
 * Refuses two tensors of different types.
 *
 * @throws {CloudError} `invalid`.
 */
export function sameType(a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) throw invalid(`${a.dtype} and ${b.dtype} cannot be combined`);
}

/** Whether two shapes are the same. */
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((dim, at) => dim === b[at]);
