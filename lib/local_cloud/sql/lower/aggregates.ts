/** GROUP BY and the aggregate functions. */
import { duckdbType } from "../../warehouse/types.ts";
import type { AggregateFunctionCall, AggregateScan, GroupingSet } from "../resolved.ts";
import {
  type AggregateLowering,
  columnName,
  type Lowering,
  type ScanLowering,
  selectList,
  Unsupported,
} from "./lowering.ts";
import { orderBy } from "./scans.ts";

export const aggregateScan: ScanLowering<AggregateScan> = (scan, lower) => {
  if (scan.groupingCallList.length > 0) throw new Unsupported("GROUPING()", scan.place);
  const keys = scan.groupByList.map(({ column, expr }) => ({
    name: columnName(column),
    sql: lower.expr(expr),
  }));
  const aggregates = scan.aggregateList.map(({ column, expr }) => {
    const call = expr as AggregateFunctionCall;
    return `${lower.aggregate(call)(call, lower)} AS ${columnName(column)}`;
  });
  // The keys get their names one level below: a key's name in GROUP BY is then never ambiguous.
  const named = keys.map(({ name, sql }) => `${sql} AS ${name}`);
  const carried = scan.inputScan.columnList.map(columnName)
    .filter((name) => !keys.some((key) => key.name === name));
  const rows = `SELECT ${[...new Set(carried), ...named].join(", ") || "1 AS c0"} FROM ${
    lower.from(scan.inputScan)
  }`;
  const list = [...keys.map(({ name }) => name), ...aggregates].join(", ") || "1 AS c0";
  const query = `SELECT ${list} FROM (${rows})${groupBy(scan, keys.map(({ name }) => name))}`;
  return `SELECT ${selectList(scan.columnList)} FROM (${query})`;
};

function groupBy(scan: AggregateScan, keys: string[]): string {
  if (scan.groupingSetList.length > 0) {
    return ` GROUP BY GROUPING SETS (${scan.groupingSetList.map(groupingSet).join(", ")})`;
  }
  return keys.length === 0 ? "" : ` GROUP BY ${keys.join(", ")}`;
}

function groupingSet(set: GroupingSet): string {
  const columns = (set.groupByColumnList ?? []).map(({ column }) => columnName(column));
  if (set.kind !== "GroupingSet") throw new Unsupported(`GROUP BY ${set.kind.toUpperCase()}`);
  return `(${columns.join(", ")})`;
}

/** `name(DISTINCT x ORDER BY k)`, with NULL arguments left out where the call says so. */
export function callAggregate(name: string, call: AggregateFunctionCall, lower: Lowering): string {
  return applyAggregate(name, lower.exprs(call.argumentList), call, lower);
}

/** The same over arguments already written. */
export function applyAggregate(
  name: string,
  args: string[],
  call: AggregateFunctionCall,
  lower: Lowering,
): string {
  if (call.havingModifier) throw new Unsupported("HAVING in an aggregate call", call.place);
  if (call.limit) throw new Unsupported(`LIMIT in ${call.name.toUpperCase()}`, call.place);
  if (call.withGroupRowsSubquery) throw new Unsupported("WITH GROUP ROWS", call.place);
  const distinct = call.distinct ? "DISTINCT " : "";
  const order = call.orderByItemList.length > 0 ? ` ORDER BY ${orderBy(call.orderByItemList)}` : "";
  const kept = call.nullHandlingModifier === "IGNORE_NULLS"
    ? ` FILTER (WHERE ${lower.expr(call.argumentList[0])} IS NOT NULL)`
    : "";
  return `${name}(${distinct}${args.join(", ")}${order})${kept}`;
}

const plain = (name: string): AggregateLowering => (call, lower) =>
  callAggregate(name, call, lower);

const isDouble = (call: AggregateFunctionCall) => call.argumentList[0].type.kind === "FLOAT64";

/** GoogleSQL's MIN and MAX are NaN as soon as one value is; DuckDB's MIN passes NaN over. */
const extreme = (name: string): AggregateLowering => (call, lower) => {
  const sql = callAggregate(name, call, lower);
  if (!isDouble(call)) return sql;
  const [arg] = lower.exprs(call.argumentList);
  return `CASE WHEN bool_or(isnan(${arg})) THEN 'nan'::DOUBLE ELSE ${sql} END`;
};

/** DuckDB adds BIGINTs in 128 bits; the cast back raises where INT64 ends. */
const sum: AggregateLowering = (call, lower) =>
  `CAST(${callAggregate("sum", call, lower)} AS ${duckdbType(call.type)})`;

/** GoogleSQL's value on an empty input is 0 for COUNTIF, as DuckDB's is. */
const countIf: AggregateLowering = (call, lower) => {
  if (call.distinct) throw new Unsupported("COUNTIF(DISTINCT)", call.place);
  return callAggregate("count_if", call, lower);
};

const average: AggregateLowering = (call, lower) => {
  if (call.type.kind !== "FLOAT64") throw new Unsupported(`AVG of ${call.type.kind}`, call.place);
  return callAggregate("avg", call, lower);
};

/** The delimiter is a constant; NULL strings are left out by both. */
const stringAgg: AggregateLowering = (call, lower) => {
  if (call.argumentList[0].type.kind !== "STRING") {
    throw new Unsupported(`STRING_AGG of ${call.argumentList[0].type.kind}`, call.place);
  }
  const [text, delimiter = "','"] = lower.exprs(call.argumentList);
  return applyAggregate("string_agg", [text, delimiter], call, lower);
};

/** NULL on no rows in both; NULL elements stay unless IGNORE NULLS. */
const arrayAgg: AggregateLowering = plain("list");

export const AGGREGATES: [string, AggregateLowering][] = [
  ["$count_star", () => "count(*)"],
  ["any_value", plain("any_value")],
  ["array_agg", arrayAgg],
  ["avg", average],
  ["count", plain("count")],
  ["countif", countIf],
  ["logical_and", plain("bool_and")],
  ["logical_or", plain("bool_or")],
  ["max", extreme("max")],
  ["min", extreme("min")],
  ["string_agg", stringAgg],
  ["sum", sum],
];
