/** Values of another type; texts. */
import type { DType, Tensor } from "../tensor.ts";
import { integers, newTensor, readable, sameShape, writable } from "./elements.ts";
import {
  boolAttr,
  intAttr,
  invalid,
  type KernelNode,
  type Operation,
  type Operations,
  tensorOperation,
  textAttr,
  typeAttr,
  unsupported,
} from "./kernel.ts";
import { mapped } from "./mathematics.ts";

/** What a processor gives for a number that is not within int32, or is none. */
const NO_INT32 = -(2 ** 31);
const NO_INT64 = -(2n ** 63n);

const toInt32 = (value: number) =>
  value > -2147483649 && value < 2147483648 ? Math.trunc(value) : NO_INT32;
const toInt64 = (value: number) =>
  value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(Math.trunc(value)) : NO_INT64;

/**
 * A float64 that rounds to the float32 nearest to a whole number: where its last bits do not fit into
 * a float64, one that stands for them keeps it off the middle between two float32.
 */
function roundedOnce(value: bigint): number {
  const rest = value & 2047n;
  return Number(rest === 0n || BigInt(Number(value)) === value ? value : value - rest | 2048n);
}

/** The function from numbers, or from int64, to a type; typed arrays round to float32. */
function conversion(isBig: boolean, to: DType): ((value: never) => unknown) | undefined {
  switch (to) {
    case "float32":
      return isBig ? roundedOnce : (value: number) => value;
    case "float64":
      return isBig ? (value: bigint) => Number(value) : (value: number) => value;
    case "int32":
      return isBig ? (value: bigint) => Number(BigInt.asIntN(32, value)) : toInt32;
    case "int64":
      return isBig ? (value: bigint) => value : toInt64;
    case "bool":
      return isBig
        ? (value: bigint) => value !== 0n ? 1 : 0
        : (value: number) => value !== 0 ? 1 : 0;
    case "string":
      return undefined;
  }
}

const cast = tensorOperation(1, (node) => {
  const to = typeAttr(node, "DstT");
  if (to === undefined || to === "string") throw unsupported(node, to ?? "a resource");
  if (typeAttr(node, "SrcT") === "string") throw unsupported(node, "string");
  return (tensor) => {
    if (tensor.dtype === to) return tensor;
    if (tensor.dtype === "string") throw unsupported(node, "string");
    const convert = conversion(tensor.dtype === "int64", to) as (value: unknown) => unknown;
    return mapped(tensor, to, convert);
  };
});

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SPECIAL = /^([+-]?)(inf|infinity|nan)$/i;

function floatOf(text: string): number | undefined {
  const trimmed = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "");
  if (DECIMAL.test(trimmed)) return Number(trimmed);
  const [, sign, word] = SPECIAL.exec(trimmed) ?? [];
  if (word === undefined) return undefined;
  const value = /^nan$/i.test(word) ? NaN : Infinity;
  return sign === "-" ? -value : value;
}

function intOf(text: string, bits: 32 | 64): bigint | undefined {
  const trimmed = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "");
  if (!/^[+-]?\d+$/.test(trimmed)) return undefined;
  const value = BigInt(trimmed.replace(/^\+/, ""));
  return BigInt.asIntN(bits, value) === value ? value : undefined;
}

/** Reads a text as a value of a type; `undefined` if it is none. */
export function parsed(text: string, dtype: DType): string | number | bigint | undefined {
  switch (dtype) {
    case "string":
      return text;
    case "float32":
    case "float64":
      return floatOf(text);
    case "int64":
      return intOf(text, 64);
    case "int32": {
      const value = intOf(text, 32);
      return value === undefined ? undefined : Number(value);
    }
    case "bool":
      return undefined;
  }
}

const stringToNumber = tensorOperation(1, (node) => {
  const dtype = typeAttr(node, "out_type") ?? "float32";
  if (dtype === "bool" || dtype === "string") throw unsupported(node, dtype);
  return (tensor) => {
    if (tensor.dtype !== "string") throw unsupported(node, tensor.dtype);
    return mapped<string, unknown>(tensor, dtype, (text) => {
      const value = parsed(text, dtype);
      if (value !== undefined) return value;
      throw invalid(`StringToNumberOp could not correctly convert string: ${text}`);
    });
  };
});

/** Whole numbers and truth values as texts; how floats are written is not settled here. */
const asString = tensorOperation(1, (node) => {
  const isPlain = intAttr(node, "width", -1) === -1 && textAttr(node, "fill") === "";
  if (!isPlain) throw invalid("AsString with a width is not supported");
  const declared = typeAttr(node, "T");
  if (declared === "float32" || declared === "float64") throw unsupported(node, declared);
  return (tensor) => {
    switch (tensor.dtype) {
      case "int32":
      case "int64":
        return mapped(tensor, "string", String);
      case "bool":
        return mapped<number, string>(tensor, "string", (value) => value ? "true" : "false");
      default:
        throw unsupported(node, tensor.dtype);
    }
  };
});

/** Texts put together, one of each input; one that has only one text gives it to all. */
const stringJoin = tensorOperation({ least: 1 }, (node) => {
  const separator = textAttr(node, "separator");
  return (...parts) => {
    const shape = parts.find((part) => part.shape.length > 0)?.shape ?? [];
    for (const part of parts) {
      if (part.dtype !== "string") throw unsupported(node, part.dtype);
      const fits = part.shape.length === 0 || sameShape(part.shape, shape);
      if (!fits) throw invalid(`StringJoin of [${part.shape}] and [${shape}]`);
    }
    const out = newTensor("string", shape);
    const to = writable<string>(out);
    const lists = parts.map((part) => readable<string>(part));
    const at = (part: number, i: number) => lists[part][parts[part].shape.length === 0 ? 0 : i];
    for (let i = 0; i < to.length; i++) {
      to[i] = parts.map((_, part) => at(part, i)).join(separator);
    }
    return out;
  };
});

/** Letters of ASCII, or of all of Unicode where the node says `utf-8`. */
function inCase(ascii: RegExp, change: (text: string) => string): Operation {
  return tensorOperation(1, (node) => {
    const encoding = textAttr(node, "encoding");
    if (encoding !== "" && encoding !== "utf-8") throw invalid(`Encoding ${encoding} is unknown`);
    const compute = encoding === "" ? (text: string) => text.replace(ascii, change) : change;
    return textsOnly(node, (tensor) => mapped(tensor, "string", compute));
  });
}

function textsOnly(node: KernelNode, compute: (tensor: Tensor) => Tensor) {
  return (tensor: Tensor) => {
    if (tensor.dtype !== "string") throw unsupported(node, tensor.dtype);
    return compute(tensor);
  };
}

const stringLength = tensorOperation(1, (node) => {
  const isBytes = textAttr(node, "unit", "BYTE") === "BYTE";
  const bytes = new TextEncoder();
  const length = (text: string) => isBytes ? bytes.encode(text).length : [...text].length;
  return textsOnly(node, (tensor) => mapped(tensor, "int32", length));
});

/** Fails where not all are true. */
const assertion: Operation = {
  make(node) {
    const isUsed = boolAttr(node, "enabled", true);
    return ([condition]) => {
      const isTrue = condition.dtype === "bool" && condition.values.every((value) => value === 1);
      if (isUsed && !isTrue) throw invalid("An assertion of the model failed");
      return [];
    };
  },
};

/** Lists of whole numbers from one to another, evenly apart. */
const linSpace = tensorOperation(3, (node) => (start, stop, count) => {
  const { dtype } = start;
  if (dtype !== stop.dtype || (dtype !== "float32" && dtype !== "float64")) {
    throw unsupported(node, dtype);
  }
  const [number] = integers(count);
  if (!(number > 0)) throw invalid("LinSpace needs a number above 0");
  const [from, to] = [start.values[0], (stop as typeof start).values[0]];
  const out = newTensor(dtype, [number]);
  const step = (to - from) / (number - 1);
  for (let i = 0; i < number; i++) out.values[i] = i === number - 1 && i > 0 ? to : from + step * i;
  if (number === 1) out.values[0] = from;
  return out;
});

/** These operations by TensorFlow's names of them. */
export const CONVERSION: Operations = {
  Cast: cast,
  StringToNumber: stringToNumber,
  AsString: asString,
  StringJoin: stringJoin,
  StringLower: inCase(/[A-Z]/g, (text) => text.toLowerCase()),
  StringUpper: inCase(/[a-z]/g, (text) => text.toUpperCase()),
  StringLength: stringLength,
  Assert: assertion,
  LinSpace: linSpace,
};
