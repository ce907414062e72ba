/** Tensors as typed arrays, and TensorFlow's messages of them. */
import { CloudError } from "../errors.ts";
import { DATA_TYPES, type TensorProto, type TensorShapeProto } from "./messages.ts";

/** The types of tensors that are known here. */
export type DType = "float32" | "float64" | "int32" | "int64" | "bool" | "string";

type Of<D extends DType, Values> = { dtype: D; shape: readonly number[]; values: Values };

/** Values in row-major order, as many as the product of `shape`; a scalar has one and shape `[]`. */
export type Tensor =
  | Of<"float32", Float32Array>
  | Of<"float64", Float64Array>
  | Of<"int32", Int32Array>
  | Of<"int64", BigInt64Array>
  /** 0 or 1. */
  | Of<"bool", Uint8Array>
  /** TensorFlow's strings are bytes: here they are UTF-8. */
  | Of<"string", readonly string[]>;

const NUMBERS: Record<DType, number> = {
  float32: DATA_TYPES.FLOAT,
  float64: DATA_TYPES.DOUBLE,
  int32: DATA_TYPES.INT32,
  int64: DATA_TYPES.INT64,
  bool: DATA_TYPES.BOOL,
  string: DATA_TYPES.STRING,
};
const BY_NUMBER = new Map(Object.entries(NUMBERS).map(([name, n]) => [n, name as DType]));

/** Names of the types that are not known here, to refuse them by. */
const OTHERS: Record<number, string> = {
  4: "uint8",
  5: "int16",
  6: "int8",
  8: "complex64",
  14: "bfloat16",
  17: "uint16",
  18: "complex128",
  19: "half",
  20: "resource",
  21: "variant",
  22: "uint32",
  23: "uint64",
};

const invalid = (message: string) => new CloudError("invalid", message);

/** TensorFlow's number of a type. */
export const dataTypeOf = (dtype: DType): number => NUMBERS[dtype];

/**
 * The type that a number of TensorFlow's stands for.
 *
 * @throws {CloudError} `invalid`, naming a type that is not supported.
 */
export function dtypeOf(dataType: number): DType {
  const dtype = BY_NUMBER.get(dataType);
  if (dtype !== undefined) return dtype;
  throw invalid(
    `Tensors of type ${OTHERS[dataType] ?? `number ${dataType}`} are not supported: ` +
      `use one of ${Object.keys(NUMBERS).join(", ")}`,
  );
}

/** How many values a tensor of a shape has: 1 for `[]`. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((n, dim) => n * dim, 1);

/** Whether a shape is as wanted, where −1 stands for any number. */
export const shapeFits = (shape: readonly number[], wanted: readonly number[]): boolean =>
  shape.length === wanted.length && wanted.every((dim, at) => dim === -1 || dim === shape[at]);

/**
 * The dimensions of a shape, −1 where one may be anything; `undefined` if their number may be too.
 *
 * @throws {CloudError} `invalid`, for a dimension that is none.
 */
export function shapeOf(shape: TensorShapeProto | null): number[] | undefined {
  if (shape?.unknownRank) return undefined;
  return (shape?.dim ?? []).map(({ size }) => {
    const dim = Number(size);
    if (Number.isSafeInteger(dim) && dim >= -1) return dim;
    throw invalid(`A tensor cannot have a dimension of ${size}`);
  });
}

/** A shape as TensorFlow writes it; −1 where a dimension may be anything. */
export const shapeProto = (shape: readonly number[]): TensorShapeProto => ({
  dim: shape.map((size) => ({ size })),
});

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of a TensorFlow string.
 *
 * @throws {CloudError} `invalid`, if its bytes are no UTF-8.
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw invalid("A string of the SavedModel is not UTF-8: only texts are supported");
  }
}

/** The numbers in little-endian bytes: what a bundle and `tensor_content` hold. */
export function tensorFromBytes(
  dtype: Exclude<DType, "string">,
  shape: readonly number[],
  bytes: Uint8Array,
): Tensor {
  const width = WIDTHS[dtype];
  const size = sizeOf(shape);
  if (bytes.byteLength !== size * width) {
    throw invalid(
      `A ${dtype} tensor of shape [${shape}] has ${bytes.byteLength} bytes instead of ` +
        `${size * width}`,
    );
  }
  // A typed array begins at a multiple of its width, as a copy does; `slice` of a Buffer is none.
  const { buffer } = new Uint8Array(bytes);
  return { dtype, shape, values: new ARRAYS[dtype](buffer) } as Tensor;
}

/** The little-endian bytes of a tensor of numbers, not copied. */
export function tensorBytes({ values }: Exclude<Tensor, { dtype: "string" }>): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Bytes of one value. */
const WIDTHS = { float32: 4, float64: 8, int32: 4, int64: 8, bool: 1 };
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
};

/**
 * The tensor that a message holds.
 *
 * @throws {CloudError} `invalid`, if it is of a type that is not supported or its values do not fit
 * its shape.
 */
export function tensorOf(proto: TensorProto): Tensor {
  const dtype = dtypeOf(proto.dtype);
  const shape = shapeOf(proto.tensorShape);
  if (shape === undefined || shape.includes(-1)) {
    throw invalid("A constant tensor must have a known shape");
  }
  const content = proto.tensorContent ?? new Uint8Array();
  if (dtype !== "string" && content.length > 0) return tensorFromBytes(dtype, shape, content);
  const size = sizeOf(shape);
  if (size > MOST_FILLED) throw invalid(`A constant tensor cannot have ${size} values`);
  switch (dtype) {
    case "float32":
      return { dtype, shape, values: Float32Array.from(filled(proto.floatVal, size, 0)) };
    case "float64":
      return { dtype, shape, values: Float64Array.from(filled(proto.doubleVal, size, 0)) };
    case "int32":
      return { dtype, shape, values: Int32Array.from(filled(proto.intVal, size, 0)) };
    case "int64":
      return { dtype, shape, values: BigInt64Array.from(filled(proto.int64Val, size, 0), BigInt) };
    case "bool":
      return { dtype, shape, values: Uint8Array.from(filled(proto.boolVal, size, false), Number) };
    case "string":
      return { dtype, shape, values: filled(proto.stringVal, size, new Uint8Array()).map(textOf) };
  }
}

/** A list stands for so many values at most: a damaged shape must not take all memory. */
const MOST_FILLED = 2 ** 27;

/** A list of `size` values: the last one given fills the rest, `zero` if none is. */
function filled<T>(given: readonly T[] = [], size: number, zero: T): T[] {
  if (given.length > size) {
    throw invalid(`A tensor of ${size} values cannot hold ${given.length}`);
  }
  const last = given.length > 0 ? given[given.length - 1] : zero;
  return [...given, ...Array<T>(size - given.length).fill(last)];
}

/** The message that holds a tensor. */
export function tensorProto(tensor: Tensor): TensorProto {
  const { dtype, shape } = tensor;
  const head = { dtype: dataTypeOf(dtype), tensorShape: shapeProto(shape) };
  if (tensor.dtype !== "string") return { ...head, tensorContent: tensorBytes(tensor) };
  const text = new TextEncoder();
  return { ...head, stringVal: tensor.values.map((value) => text.encode(value)) };
}
