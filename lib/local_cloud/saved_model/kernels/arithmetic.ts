/** Two numbers to one. */
import type { DType, Tensor } from "../tensor.ts";
import { broadcastShape, eachPair } from "./broadcasting.ts";
import { newTensor, sameType } from "./elements.ts";
import { checkType, invalid, type Operation, type Operations, tensorOperation } from "./kernel.ts";
import { unsupported } from "./kernel.ts";

type Of<T> = (a: T, b: T) => T;

/** An operation by the type of its numbers; what is absent is not supported. */
interface Arithmetic {
  /** Of float64; the result is rounded to float32 where those are meant. */
  float?: Of<number>;
  int32?: Of<number>;
  int64?: Of<bigint>;
  string?: Of<string>;
}

function typesOf({ float, int32, int64, string }: Arithmetic): DType[] {
  return [
    ...float ? ["float32", "float64"] as const : [],
    ...int32 ? ["int32"] as const : [],
    ...int64 ? ["int64"] as const : [],
    ...string ? ["string"] as const : [],
  ];
}

/** The function for a type, whose name must be known to have one. */
const functionOf = (arithmetic: Arithmetic, dtype: DType) =>
  dtype === "float32" || dtype === "float64"
    ? arithmetic.float
    : dtype === "bool"
    ? undefined
    : arithmetic[dtype];

function operation(arithmetic: Arithmetic): Operation {
  return tensorOperation(2, (node) => {
    checkType(node, typesOf(arithmetic));
    return (a, b) => {
      sameType(a, b);
      const compute = functionOf(arithmetic, a.dtype) as Of<unknown> | undefined;
      if (compute === undefined) throw unsupported(node, a.dtype);
      const out = newTensor(a.dtype, broadcastShape(a.shape, b.shape));
      eachPair<unknown, unknown>(a, b, out, compute);
      return out;
    };
  });
}

/** The same for all numbers but how they are written. */
const floats = (float: Of<number>): Operation => operation({ float });

const byZero = () => invalid("Integer division by zero");

function nonZero<T extends number | bigint>(compute: Of<T>): Of<T> {
  return (a, b) => {
    if (Number(b) === 0) throw byZero();
    return compute(a, b);
  };
}

function floorMod(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && (b < 0) !== (rest < 0) ? rest + b : rest;
}

const floorDivBig = (a: bigint, b: bigint): bigint =>
  a % b !== 0n && (a < 0n) !== (b < 0n) ? a / b - 1n : a / b;

const truncated: Arithmetic = {
  int32: nonZero((a, b) => Math.trunc(a / b)),
  int64: nonZero((a, b) => a / b),
};
const remainder: Arithmetic = {
  float: (a, b) => a % b,
  int32: nonZero((a, b) => a % b),
  int64: nonZero((a, b) => a % b),
};

/** C's power: 1 to whatever is 1, and −1 to the infinite too. */
function power(a: number, b: number): number {
  return a === 1 || (a === -1 && (b === Infinity || b === -Infinity)) ? 1 : Math.pow(a, b);
}

const negativePower = () => invalid("Integers to negative integer powers are not allowed");

function powerBig(a: bigint, b: bigint): bigint {
  if (b < 0n) throw negativePower();
  let result = 1n;
  for (let base = a, rest = b; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(64, result * base);
    base = BigInt.asIntN(64, base * base);
  }
  return result;
}

const add: Arithmetic = {
  float: (a, b) => a + b,
  int32: (a, b) => a + b,
  int64: (a, b) => a + b,
  string: (a, b) => a + b,
};

/** Sums of as many tensors of one shape as are given. */
const addN = tensorOperation({ least: 1 }, (node) => {
  checkType(node, ["float32", "float64", "int32", "int64"]);
  const sum = operation(add).make({ ...node, inputs: 2 });
  return (first, ...rest) => rest.reduce((all, one) => sum([all, one])[0] as Tensor, first);
});

/** These operations by TensorFlow's names of them. */
export const ARITHMETIC: Operations = {
  Add: operation(add),
  AddV2: operation({ ...add, string: undefined }),
  AddN: addN,
  Sub: operation({ float: (a, b) => a - b, int32: (a, b) => a - b, int64: (a, b) => a - b }),
  Mul: operation({ float: (a, b) => a * b, int32: Math.imul, int64: (a, b) => a * b }),
  MulNoNan: floats((a, b) => b === 0 ? 0 : a * b),
  Div: operation({ ...truncated, float: (a, b) => a / b }),
  RealDiv: floats((a, b) => a / b),
  DivNoNan: floats((a, b) => b === 0 ? 0 : a / b),
  TruncateDiv: operation(truncated),
  FloorDiv: operation({
    float: (a, b) => Math.floor(a / b),
    int32: nonZero((a, b) => Math.floor(a / b)),
    int64: nonZero(floorDivBig),
  }),
  FloorMod: operation({
    float: floorMod,
    int32: nonZero(floorMod),
    int64: nonZero((a, b) => a - floorDivBig(a, b) * b),
  }),
  Mod: operation(remainder),
  TruncateMod: operation(remainder),
  // A number that is none wins.
  Maximum: operation({
    float: (a, b) => a > b || a !== a ? a : b,
    int32: Math.max,
    int64: (a, b) => a > b ? a : b,
  }),
  Minimum: operation({
    float: (a, b) => a < b || a !== a ? a : b,
    int32: Math.min,
    int64: (a, b) => a < b ? a : b,
  }),
  Pow: operation({
    float: power,
    int32: (a, b) => Number(BigInt.asIntN(32, powerBig(BigInt(a), BigInt(b)))),
    int64: powerBig,
  }),
  SquaredDifference: operation({
    float: (a, b) => (a - b) * (a - b),
    int32: (a, b) => Math.imul(a - b, a - b),
    int64: (a, b) => (a - b) * (a - b),
  }),
  Atan2: floats(Math.atan2),
  Xlogy: floats((a, b) => a === 0 ? 0 : a * Math.log(b)),
  Xdivy: floats((a, b) => a === 0 ? 0 : a / b),
};
