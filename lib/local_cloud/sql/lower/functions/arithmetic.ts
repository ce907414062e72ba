/** Arithmetic: errors where GoogleSQL raises them, never a silent NULL or infinity. */
import type { FunctionCall } from "../../resolved.ts";
import { type FunctionLowering, once, raise, Unsupported } from "../lowering.ts";

/** @throws {Unsupported} if the call works on a type other than these. */
function only(call: FunctionCall, ...kinds: string[]): void {
  const other = [call, ...call.argumentList].find(({ type }) => !kinds.includes(type.kind));
  if (other === undefined) return;
  throw new Unsupported(
    `${call.name.replace("$", "").toUpperCase()} of ${other.type.kind}`,
    call.place,
  );
}

/** DuckDB raises when INT64 overflows; for FLOAT64 GoogleSQL raises when finite values overflow. */
const operator = (symbol: string): FunctionLowering => (args, call) => {
  only(call, "INT64", "FLOAT64");
  const sql = `(${args[0]} ${symbol} ${args[1]})`;
  if (call.type.kind === "INT64") return sql;
  return once(
    args[0],
    (a) =>
      once(
        args[1],
        (b) =>
          once(`(${a} ${symbol} ${b})`, (value) =>
            `CASE WHEN isinf(${value}) AND NOT isinf(${a}) AND NOT isinf(${b}) THEN ${
              raise("double overflow")
            } ELSE ${value} END`),
      ),
  );
};

const divide: FunctionLowering = (args, call) => {
  only(call, "FLOAT64");
  return once(
    args[1],
    (b) => `(${args[0]} / CASE WHEN ${b} = 0 THEN ${raise("division by zero")} ELSE ${b} END)`,
  );
};

const safeDivide: FunctionLowering = (args, call) => {
  only(call, "FLOAT64");
  return once(args[1], (b) => `(${args[0]} / CASE WHEN ${b} = 0 THEN NULL ELSE ${b} END)`);
};

const unaryMinus: FunctionLowering = ([x], call) => {
  only(call, "INT64", "FLOAT64");
  return `(-${x})`;
};

/** Rounds towards zero, as DuckDB's `//` does for BIGINT. */
const div: FunctionLowering = ([a, b], call) => {
  only(call, "INT64");
  return once(
    b,
    (by) => `(${a} // CASE WHEN ${by} = 0 THEN ${raise("division by zero")} ELSE ${by} END)`,
  );
};

const mod: FunctionLowering = ([a, b], call) => {
  only(call, "INT64");
  return once(
    b,
    (by) => `(${a} % CASE WHEN ${by} = 0 THEN ${raise("division by zero")} ELSE ${by} END)`,
  );
};

export const ARITHMETIC: [string, FunctionLowering][] = [
  ["$add", operator("+")],
  ["$divide", divide],
  ["$multiply", operator("*")],
  ["$subtract", operator("-")],
  ["$unary_minus", unaryMinus],
  ["div", div],
  ["mod", mod],
  ["safe_divide", safeDivide],
];
