/** Comparisons and logic. GoogleSQL compares as IEEE 754 does: NaN with nothing, not even itself. */
import {
  type ArrayType,
  type SqlType,
  structFieldNames,
  type StructType,
} from "../../../warehouse/types.ts";
import type { Expr, FunctionCall } from "../../resolved.ts";
import { stringLiteral } from "../../values.ts";
import { type FunctionLowering, once, onceBoth, Unsupported } from "../lowering.ts";

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
function checkComparable(call: FunctionCall): void {
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
    if (!call.argumentList.some(mayBeNaN)) return `(${args[0]} ${operator} ${args[1]})`;
    return onceBoth(args[0], args[1], (a, b) => {
      const sides = [a, b].filter((_, i) => mayBeNaN(call.argumentList[i]));
      return nanAware(`${a} ${operator} ${b}`, [a, b], sides, otherwise);
    });
  };

function nanAware(comparison: string, both: string[], doubles: string[], otherwise: string) {
  const nulls = both.map((side) => `${side} IS NULL`).join(" OR ");
  const nan = doubles.map((side) => `isnan(${side})`).join(" OR ");
  return `CASE WHEN ${nulls} THEN NULL WHEN ${nan} THEN ${otherwise} ELSE ${comparison} END`;
}

/**
 * `a = b` of any type: NULL unless the parts that are not NULL differ, so that a STRUCT's equality is
 * the AND of its fields'. DuckDB's own takes two NULL fields for equal.
 */
export function equality(a: string, b: string, left: SqlType, right: SqlType): string {
  if (left.kind === "FLOAT64") {
    return onceBoth(a, b, (a, b) => nanAware(`${a} = ${b}`, [a, b], [a, b], "FALSE"));
  }
  if (left.kind === "STRUCT") return structEquality(a, b, left, right as StructType);
  if (left.kind === "ARRAY") return arrayEquality(a, b, left, right as ArrayType);
  if (!COMPARABLE.has(left.kind)) throw new Unsupported(`Comparison of ${left.kind}`);
  return `(${a} = ${b})`;
}

function structEquality(a: string, b: string, left: StructType, right: StructType): string {
  const [leftNames, rightNames] = [left, right].map(structFieldNames);
  const field = (sql: string, name: string) => `struct_extract(${sql}, ${stringLiteral(name)})`;
  return onceBoth(a, b, (a, b) => {
    const parts = left.fields.map(({ type }, i) =>
      equality(field(a, leftNames[i]), field(b, rightNames[i]), type, right.fields[i].type)
    );
    return `(${parts.join(" AND ")})`;
  });
}

/** Arrays of unlike lengths differ; else one pair that differs decides, then one that is NULL. */
function arrayEquality(a: string, b: string, left: ArrayType, right: ArrayType): string {
  return onceBoth(a, b, (a, b) => {
    const at = `i${a.length + b.length}`;
    const pair = equality(
      `list_extract(${a}, ${at})`,
      `list_extract(${b}, ${at})`,
      left.element,
      right.element,
    );
    const pairs = `list_transform(range(1, len(${a}) + 1), lambda ${at}: ${pair})`;
    const decided = once(
      pairs,
      (equal) =>
        `CASE WHEN list_contains(${equal}, FALSE) THEN FALSE WHEN len(list_filter(${equal}, lambda e: e IS NULL)) > 0 THEN NULL ELSE TRUE END`,
    );
    return `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL WHEN len(${a}) <> len(${b}) THEN FALSE ELSE ${decided} END`;
  });
}

const isNested = (call: FunctionCall) =>
  call.argumentList.some(({ type }) => type.kind === "STRUCT" || type.kind === "ARRAY");

const equal: FunctionLowering = (args, call, lower) => {
  if (!isNested(call)) return compare("=", "FALSE")(args, call, lower);
  const [left, right] = call.argumentList;
  return equality(args[0], args[1], left.type, right.type);
};

const notEqual: FunctionLowering = (args, call, lower) =>
  isNested(call) ? `(NOT ${equal(args, call, lower)})` : compare("<>", "TRUE")(args, call, lower);

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

/** `x IN (a, b)`: NULL unless an equal value is found, as in DuckDB, but by GoogleSQL's `=`. */
const isIn: FunctionLowering = (args, call) => {
  const [x, ...list] = args;
  if (!isNested(call) && !call.argumentList.some(mayBeNaN)) {
    checkComparable(call);
    return `(${x} IN (${list.join(", ")}))`;
  }
  const [left, ...others] = call.argumentList;
  return once(x, (value) => {
    const tests = list.map((sql, i) => equality(value, sql, left.type, others[i].type));
    return `(${tests.join(" OR ")})`;
  });
};

/** NULLs and NaNs are alike, at any depth, in both. */
const distinct = (operator: string): FunctionLowering => (args) =>
  `(${args[0]} ${operator} ${args[1]})`;

export const COMPARISONS: [string, FunctionLowering][] = [
  ["$and", (args) => `(${args.join(" AND ")})`],
  ["$between", between],
  ["$equal", equal],
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
  ["$not_equal", notEqual],
  ["$or", (args) => `(${args.join(" OR ")})`],
];
