/** One number to one. */
import type { DType, Tensor } from "../tensor.ts";
import { newTensor, readable, writable } from "./elements.ts";
import {
  checkType,
  floatAttr,
  type KernelNode,
  type Operation,
  type Operations,
  tensorOperation,
  unsupported,
} from "./kernel.ts";

const FLOATS: readonly DType[] = ["float32", "float64"];

/** Writes `compute` of each element of a tensor into a new one of a type. */
export function mapped<A, R>(tensor: Tensor, dtype: DType, compute: (value: A) => R): Tensor {
  const out = newTensor(dtype, tensor.shape);
  const [from, to] = [readable<A>(tensor), writable<R>(out)];
  for (let i = 0; i < from.length; i++) to[i] = compute(from[i]);
  return out;
}

type Compute = (value: number) => number;

/** One of floats, that may depend on an attribute of the node. */
function made(make: (node: KernelNode) => Compute): Operation {
  return tensorOperation(1, (node) => {
    checkType(node, FLOATS);
    const compute = make(node);
    return (tensor) => {
      if (!FLOATS.includes(tensor.dtype)) throw unsupported(node, tensor.dtype);
      return mapped(tensor, tensor.dtype, compute);
    };
  });
}

const floats = (compute: Compute): Operation => made(() => compute);

/** One that whole numbers have too. */
function numbers(float: Compute, int64: (value: bigint) => bigint, int32 = float): Operation {
  return tensorOperation(1, (node) => {
    checkType(node, [...FLOATS, "int32", "int64"]);
    return (tensor) => {
      switch (tensor.dtype) {
        case "float32":
        case "float64":
          return mapped(tensor, tensor.dtype, float);
        case "int32":
          return mapped(tensor, "int32", int32);
        case "int64":
          return mapped(tensor, "int64", int64);
        default:
          throw unsupported(node, tensor.dtype);
      }
    };
  });
}

function floatTest(test: (value: number) => boolean): Operation {
  return tensorOperation(1, (node) => {
    checkType(node, FLOATS);
    return (tensor) => {
      if (!FLOATS.includes(tensor.dtype)) throw unsupported(node, tensor.dtype);
      return mapped<number, number>(tensor, "bool", (value) => test(value) ? 1 : 0);
    };
  });
}

/** To the nearest whole number, halves to the even one. */
function halfToEven(value: number): number {
  const floor = Math.floor(value);
  const above = value - floor;
  if (above !== 0.5) return above < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

const round = (value: number) =>
  Number.isFinite(value) && Math.abs(value) < 2 ** 52 ? halfToEven(value) : value;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const elu = (x: number) => x < 0 ? Math.expm1(x) : x;
const SELU = { alpha: 1.6732632423543772848170429916717, scale: 1.0507009873554804934193349852946 };

/** Up to here the series of {@link erf} is better, from here on the fraction of {@link erfc}. */
const MIDDLE = 2.5;

/** 2/√π · e^(−x²) · Σ 2ⁿ·x^(2n+1) / (1·3·…·(2n+1)); all terms have one sign. */
function erf(x: number): number {
  if (Math.abs(x) >= MIDDLE) return x < 0 ? erfc(-x) - 1 : 1 - erfc(x);
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return x === 0 ? x : 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

/** e^(−x²) / √π · 1 / (x + 1/2 / (x + 2/2 / (x + 3/2 / …))), from the inside. */
function erfc(x: number): number {
  if (x !== x) return x;
  if (x < MIDDLE) return 1 - erf(x);
  let rest = x;
  for (let n = 120; n > 0; n--) rest = x + n / 2 / rest;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / rest;
}

/** These operations by TensorFlow's names of them. */
export const MATHEMATICS: Operations = {
  Abs: numbers(Math.abs, (x) => x < 0n ? -x : x),
  Neg: numbers((x) => -x, (x) => -x),
  Square: numbers((x) => x * x, (x) => x * x, (x) => Math.imul(x, x)),
  Sign: numbers(Math.sign, (x) => x > 0n ? 1n : x < 0n ? -1n : 0n),
  Round: floats(round),
  Rint: floats(round),
  Floor: floats(Math.floor),
  Ceil: floats(Math.ceil),
  Sqrt: floats(Math.sqrt),
  Rsqrt: floats((x) => 1 / Math.sqrt(x)),
  Reciprocal: floats((x) => 1 / x),
  Inv: floats((x) => 1 / x),
  Exp: floats(Math.exp),
  Expm1: floats(Math.expm1),
  Log: floats(Math.log),
  Log1p: floats(Math.log1p),
  Sin: floats(Math.sin),
  Cos: floats(Math.cos),
  Tan: floats(Math.tan),
  Asin: floats(Math.asin),
  Acos: floats(Math.acos),
  Atan: floats(Math.atan),
  Sinh: floats(Math.sinh),
  Cosh: floats(Math.cosh),
  Tanh: floats(Math.tanh),
  Sigmoid: floats(sigmoid),
  Relu: numbers((x) => x < 0 ? 0 : x, (x) => x < 0n ? 0n : x),
  Relu6: numbers((x) => x < 0 ? 0 : x > 6 ? 6 : x, (x) => x < 0n ? 0n : x > 6n ? 6n : x),
  LeakyRelu: made((node) => {
    const alpha = floatAttr(node, "alpha", Math.fround(0.2));
    return (x) => x < 0 ? alpha * x : x;
  }),
  Elu: floats(elu),
  Selu: floats((x) => SELU.scale * (x < 0 ? SELU.alpha * Math.expm1(x) : x)),
  Softplus: floats(softplus),
  Erf: floats(erf),
  Erfc: floats(erfc),
  Softsign: floats((x) => x / (1 + Math.abs(x))),
  IsNan: floatTest(Number.isNaN),
  IsFinite: floatTest(Number.isFinite),
  IsInf: floatTest((x) => x === Infinity || x === -Infinity),
};
