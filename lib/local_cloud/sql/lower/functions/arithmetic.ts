/** Arithmetic: errors where GoogleSQL raises them, never a silent NULL or infinity. */
import type { FunctionCall } from "../../resolved.ts";
import { type FunctionLowering, once, onceBoth, raise, Unsupported } from "../lowering.ts";
import { product, quotient, wholeQuotient } from "./numeric.ts";

/** @throws {Unsupported} if the call works on a type other than these. */
export function only(call: FunctionCall, ...kinds: string[]): void {
  const other = [call, ...call.argumentList].find(({ type }) => !kinds.includes(type.kind));
  if (other === undefined) return;
  throw new Unsupported(
    `${call.name.replace("$", "").toUpperCase()} of ${other.type.kind}`,
    call.place,
  );
}

type Write = (a: string, b: string) => string;

/** `write(a, b)`, and `otherwise` if finite numbers make an infinite one. */
const finite = (write: Write, otherwise: string): Write => (a, b) =>
  onceBoth(a, b, (a, b) =>
    once(
      write(a, b),
      (value) =>
        `CASE WHEN isinf(${value}) AND NOT isinf(${a}) AND NOT isinf(${b}) THEN ${otherwise} ELSE ${value} END`,
    ));

const infix = (symbol: string): Write => (a, b) => `(${a} ${symbol} ${b})`;

/** DuckDB raises when INT64 or NUMERIC overflows; for FLOAT64 GoogleSQL does so too. */
const operator =
  (symbol: string, onNumeric: Write = infix(symbol)): FunctionLowering => ([a, b], call) => {
    only(call, "INT64", "FLOAT64", "NUMERIC");
    if (call.type.kind === "NUMERIC") return onNumeric(a, b);
    if (call.type.kind === "INT64") return infix(symbol)(a, b);
    return finite(infix(symbol), raise("double overflow"))(a, b);
  };

/** The same with NULL for an overflow. */
const safely =
  (symbol: string, onNumeric: Write = infix(symbol)): FunctionLowering => ([a, b], call) => {
    only(call, "INT64", "FLOAT64", "NUMERIC");
    if (call.type.kind === "FLOAT64") return finite(infix(symbol), "NULL")(a, b);
    const write = call.type.kind === "NUMERIC" ? onNumeric : infix(symbol);
    // TRY would swallow the errors of the arguments too.
    return outside([a, b], ([x, y]) => `TRY(${write(x, y)})`);
  };

/** Evaluates what may fail ahead of `body`. */
function outside(args: string[], body: (args: string[]) => string): string {
  if (args.every((sql) => /^(c\d+|\(-?\d+\)::BIGINT)$/.test(sql))) return body(args);
  const fields = args.map((sql, i) => `x${i} := ${sql}`).join(", ");
  const name = `s${fields.length}`;
  return `list_transform([struct_pack(${fields})], lambda ${name}: ${
    body(args.map((_, i) => `${name}.x${i}`))
  })[1]`;
}

/** `write(a, b)`, and `otherwise` if b is zero. */
const unlessZero = ([a, b]: string[], write: Write, otherwise: string): string =>
  once(b, (by) => `CASE WHEN ${by} = 0 THEN ${otherwise} ELSE ${write(a, by)} END`);

const DIVISION_BY_ZERO = raise("division by zero");

const divide: FunctionLowering = (args, call) => {
  only(call, "FLOAT64", "NUMERIC");
  if (call.type.kind === "NUMERIC") return whenNeitherNull(args, quotient, DIVISION_BY_ZERO);
  return unlessZero(
    args,
    finite(infix("/"), raise("double overflow")),
    nullOr(args[0], DIVISION_BY_ZERO),
  );
};

/** NULL / 0 is NULL, and no error. */
const nullOr = (value: string, otherwise: string) =>
  `CASE WHEN ${value} IS NULL THEN NULL ELSE ${otherwise} END`;

const whenNeitherNull = (args: string[], write: Write, otherwise: string) =>
  unlessZero(args, write, nullOr(args[0], otherwise));

const safeDivide: FunctionLowering = (args, call) => {
  only(call, "FLOAT64", "NUMERIC");
  if (call.type.kind === "NUMERIC") return unlessZero(args, quotient, "NULL");
  return unlessZero(args, finite(infix("/"), "NULL"), "NULL");
};

const unaryMinus: FunctionLowering = ([x], call) => {
  only(call, "INT64", "FLOAT64", "NUMERIC");
  return `(-${x})`;
};

const safeNegate: FunctionLowering = ([x], call) => {
  only(call, "INT64", "FLOAT64", "NUMERIC");
  return outside([x], ([value]) => `TRY(-${value})`);
};

/** Rounds towards zero, as DuckDB's `//` does for whole numbers. */
const div: FunctionLowering = (args, call) => {
  only(call, "INT64", "NUMERIC");
  const write = call.type.kind === "NUMERIC" ? wholeQuotient : infix("//");
  return whenNeitherNull(args, write, DIVISION_BY_ZERO);
};

/** The remainder of the least INT64 by -1 is 0; DuckDB overflows on the way to it. */
const mod: FunctionLowering = (args, call) => {
  only(call, "INT64", "NUMERIC");
  const write: Write = call.type.kind === "NUMERIC"
    ? infix("%")
    : (a, b) => `CASE WHEN ${b} = -1 THEN ${a} - ${a} ELSE ${a} % ${b} END`;
  return whenNeitherNull(args, write, DIVISION_BY_ZERO);
};

export const ARITHMETIC: [string, FunctionLowering][] = [
  ["$add", operator("+")],
  ["$divide", divide],
  ["$multiply", operator("*", product)],
  ["$subtract", operator("-")],
  ["$unary_minus", unaryMinus],
  ["div", div],
  ["mod", mod],
  ["safe_add", safely("+")],
  ["safe_divide", safeDivide],
  ["safe_multiply", safely("*", product)],
  ["safe_negate", safeNegate],
  ["safe_subtract", safely("-")],
];
