/** Comparisons and logic. GoogleSQL compares as IEEE 754 does: NaN with nothing, not even itself. */
import type { Expr, FunctionCall } from "../../resolved.ts";
import { type FunctionLowering, once, Unsupported } from "../lowering.ts";

/** Types that DuckDB compares as GoogleSQL does (FLOAT64 apart from NaN). */
const COMPARABLE = new Set([
  "BOOL",
  "BYTES",
  "DATE",
  "DATETIME",
  "FLOAT64",
  "INT64",
  "NUMERIC",
  "STRING",
  "TIME",
  "TIMESTAMP",
]);

/** @throws {Unsupported} if the call compares arrays, structs, JSON or the like. */
export function checkComparable(call: FunctionCall): void {
  const other = call.argumentList.find(({ type }) => !COMPARABLE.has(type.kind));
  if (other !== undefined) throw new Unsupported(`Comparison of ${other.type.kind}`, call.place);
}

const mayBeNaN = (expr: Expr): boolean =>
  expr.type.kind === "FLOAT64" &&
  !(expr.kind === "Literal" && !Number.isNaN(expr.value.doubleValue));

/**
 * `a < b`, and with a NaN among them `otherwise`, but NULL if one is NULL.
 */
const compare =
  (operator: string, otherwise: "FALSE" | "TRUE"): FunctionLowering => (args, call) => {
    checkComparable(call);
    const doubles = args.filter((_, i) => mayBeNaN(call.argumentList[i]));
    if (doubles.length === 0) return `(${args[0]} ${operator} ${args[1]})`;
    return once(args[0], (a) =>
      once(args[1], (b) => {
        const sides = [a, b].filter((_, i) => mayBeNaN(call.argumentList[i]));
        const nan = sides.map((side) => `isnan(${side})`).join(" OR ");
        const nulls = `${a} IS NULL OR ${b} IS NULL`;
        return `CASE WHEN ${nulls} THEN NULL WHEN ${nan} THEN ${otherwise} ELSE ${a} ${operator} ${b} END`;
      }));
  };

const less = compare("<=", "FALSE");

/** `x BETWEEN low AND high` is `low <= x AND x <= high`. */
const between: FunctionLowering = ([x, low, high], call, lower) => {
  const [xNode, lowNode, highNode] = call.argumentList;
  return once(x, (value) => {
    const above = less([low, value], { ...call, argumentList: [lowNode, xNode] }, lower);
    const below = less([value, high], { ...call, argumentList: [xNode, highNode] }, lower);
    return `(${above} AND ${below})`;
  });
};

/** `x IN (a, b)`: NULL unless an equal value is found, as in DuckDB. */
const isIn: FunctionLowering = (args, call) => {
  checkComparable(call);
  if (call.argumentList.some(mayBeNaN)) throw new Unsupported("IN over FLOAT64", call.place);
  return `(${args[0]} IN (${args.slice(1).join(", ")}))`;
};

const distinct = (operator: string): FunctionLowering => (args, call) => {
  checkComparable(call);
  return `(${args[0]} ${operator} ${args[1]})`;
};

export const COMPARISONS: [string, FunctionLowering][] = [
  ["$and", (args) => `(${args.join(" AND ")})`],
  ["$between", between],
  ["$equal", compare("=", "FALSE")],
  ["$greater", compare(">", "FALSE")],
  ["$greater_or_equal", compare(">=", "FALSE")],
  ["$in", isIn],
  ["$is_distinct_from", distinct("IS DISTINCT FROM")],
  ["$is_false", ([x]) => `(${x} IS NOT NULL AND NOT ${x})`],
  ["$is_not_distinct_from", distinct("IS NOT DISTINCT FROM")],
  ["$is_null", ([x]) => `(${x} IS NULL)`],
  ["$is_true", ([x]) => `coalesce(${x}, FALSE)`],
  ["$less", compare("<", "FALSE")],
  ["$less_or_equal", less],
  ["$not", ([x]) => `(NOT ${x})`],
  ["$not_equal", compare("<>", "TRUE")],
  ["$or", (args) => `(${args.join(" OR ")})`],
];
