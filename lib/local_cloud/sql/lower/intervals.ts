/** `ts - INTERVAL 30 DAY`: an interval beside an operator, said as DATETIME_ADD and its kin say it. */
import type { Expr, FunctionCall } from "../resolved.ts";
import { type Part, partOf } from "./date_parts.ts";

const OPERATORS = new Map([["$add", "add"], ["$subtract", "sub"]]);
const OF_KIND = new Map([["DATE", "datetime"], ["DATETIME", "datetime"], [
  "TIMESTAMP",
  "timestamp",
]]);

/**
 * How many of a part make no more than 10,000 years: a longer interval is an error in itself, even
 * beside a NULL. There are no intervals of smaller parts.
 */
const MOST: Partial<Record<Part, number>> = {
  YEAR: 10_000,
  QUARTER: 40_000,
  MONTH: 120_000,
  WEEK: 522_000,
  DAY: 3_660_000,
  HOUR: 87_840_000,
  MINUTE: 5_270_400_000,
  SECOND: 316_224_000_000,
};

/** `INTERVAL 1 DAY` with a number written out; others are left to who knows all their rules. */
function plainInterval(node: Expr): Expr[] | undefined {
  if (node.kind !== "FunctionCall" || node.name !== "$interval") return undefined;
  const [count, partNode] = node.argumentList;
  if (count.kind !== "Literal" || count.value.int64Value === undefined) return undefined;
  const most = MOST[partOf(partNode)] ?? -1;
  return Math.abs(Number(count.value.int64Value)) <= most ? node.argumentList : undefined;
}

/** The call with its interval as a number and a part; any other call as it is. */
export function withoutInterval(call: FunctionCall): FunctionCall {
  const verb = OPERATORS.get(call.name);
  if (verb === undefined || call.argumentList.length !== 2) return call;
  const [first, second] = call.argumentList;
  const swapped = verb === "add" && second.type.kind !== "INTERVAL";
  const [moment, interval] = swapped ? [second, first] : [first, second];
  const kind = OF_KIND.get(moment.type.kind);
  const step = plainInterval(interval);
  if (kind === undefined || step === undefined) return call;
  const { place } = call;
  const from: Expr = moment.type.kind === "DATE"
    ? { kind: "Cast", type: { kind: "DATETIME" }, expr: moment, place }
    : moment;
  return { ...call, name: `${kind}_${verb}`, argumentList: [from, ...step] };
}
