/**
 * Values of JSON as values of tensors, by the rules and in the words of TensorFlow Serving.
 *
 * @see https://github.com/tensorflow/serving/blob/master/tensorflow_serving/util/json_tensor.cc
 */
import { Buffer } from "node:buffer";
import type { DType, Tensor } from "../../saved_model/mod.ts";

/** Why a value cannot be one of a tensor; `at` is its number among the values, from 0. */
export class ValueError extends Error {
  constructor(readonly at: number, message: string) {
    super(`INVALID_ARGUMENT: ${message}`);
  }
}

const NAMES: Record<DType, string> = {
  float32: "float",
  float64: "double",
  int32: "int32",
  int64: "int64",
  bool: "bool",
  string: "string",
};
const LARGEST_FLOAT = 3.4028234663852886e38;
/** Numbers up to this one are written without an exponent as whole numbers of 64 bits. */
const TWO_TO_64 = 2 ** 64;

/** A value as it stands in an error's message. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function kindOf(value: unknown): string {
  if (value === null) return "Null";
  if (Array.isArray(value)) return "Array";
  const kind = typeof value === "boolean" ? String(value) : typeof value;
  return kind[0].toUpperCase() + kind.slice(1);
}

const typeMessage = (value: unknown, dtype: DType) =>
  `JSON Value: ${shown(value)} Type: ${kindOf(value)} is not of expected type: ${NAMES[dtype]}` +
  (value === null
    ? ". TensorFlow takes no null: send the feature's mean in the training data, which is what " +
      "ML.PREDICT takes for a NULL"
    : "");

/**
 * Values of a tensor.
 *
 * @param values As JSON has them, in row-major order.
 * @param shape Of the tensor they make.
 * @throws {ValueError} One is of another type, or cannot be held without loss.
 */
export function tensorOf(dtype: DType, values: unknown[], shape: readonly number[]): Tensor {
  switch (dtype) {
    case "float64":
      return { dtype, shape, values: numbers(values, new Float64Array(values.length), dtype) };
    case "float32":
      return { dtype, shape, values: numbers(values, new Float32Array(values.length), dtype) };
    case "int32":
      return { dtype, shape, values: int32s(values) };
    case "int64":
      return { dtype, shape, values: int64s(values) };
    case "bool":
      return { dtype, shape, values: Uint8Array.from(values, bool) };
    case "string":
      return { dtype, shape, values: values.map(string) };
  }
}

function numbers<Numbers extends Float64Array | Float32Array>(
  values: unknown[],
  to: Numbers,
  dtype: "float64" | "float32",
): Numbers {
  const safe = dtype === "float64" ? Number.MAX_SAFE_INTEGER : 2 ** 24 - 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "number") throw new ValueError(i, typeMessage(value, dtype));
    if (value > safe || value < -safe) checkLossless(value, dtype, i);
    to[i] = value;
  }
  return to;
}

function checkLossless(value: number, dtype: "float64" | "float32", at: number): void {
  const whole = Number.isInteger(value) && Math.abs(value) < TWO_TO_64;
  const tooLarge = !Number.isFinite(value) ||
    (dtype === "float32" && Math.abs(value) > LARGEST_FLOAT);
  if (!whole && !tooLarge) return;
  throw new ValueError(
    at,
    `Cannot convert JSON value: ${value} to ${NAMES[dtype]} without loss of precision.`,
  );
}

function int32s(values: unknown[]): Int32Array {
  return Int32Array.from(values, (value, i) => {
    if (typeof value === "number" && (value | 0) === value) return value;
    throw new ValueError(i, typeMessage(value, "int32"));
  });
}

function int64s(values: unknown[]): BigInt64Array {
  return BigInt64Array.from(values, (value, i) => {
    if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
    const large = typeof value === "number" && Number.isInteger(value);
    throw new ValueError(
      i,
      typeMessage(value, "int64") +
        (large ? ". The local cloud reads whole numbers up to 2^53" : ""),
    );
  });
}

function bool(value: unknown, i: number): number {
  if (typeof value === "boolean") return Number(value);
  throw new ValueError(i, typeMessage(value, "bool"));
}

function string(value: unknown, i: number): string {
  if (typeof value === "string") {
    if (value.isWellFormed()) return value;
    throw new ValueError(i, "The surrogate pair in string is invalid.");
  }
  if (!isBase64(value)) throw new ValueError(i, typeMessage(value, "string"));
  const bytes = decodedBase64(value.b64);
  if (!bytes) throw new ValueError(i, "Unable to base64 decode");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ValueError(i, "The local cloud takes only bytes that are UTF-8");
  }
}

/** Bytes from base64, of which spaces and padding may be left out; nothing from other letters. */
function decodedBase64(text: string): Uint8Array | undefined {
  const letters = text.replaceAll(/\s/g, "");
  const digits = letters.replace(/={1,2}$/, "");
  const isWhole = digits.length === letters.length || letters.length % 4 === 0;
  if (!isWhole || digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits)) return undefined;
  return Buffer.from(digits, "base64");
}

/** Whether a value is `{"b64": "…"}`, which stands for bytes. */
export function isBase64(value: unknown): value is { b64: string } {
  return typeof value === "object" && value !== null && "b64" in value &&
    typeof value.b64 === "string" && Object.keys(value).length === 1;
}
