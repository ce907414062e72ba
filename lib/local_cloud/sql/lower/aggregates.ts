/** GROUP BY: keys, grouping sets, and how an aggregate is applied to a group. */
import type {
  AggregateFunctionCall,
  AggregateScan,
  ColumnRef,
  ComputedColumn,
  Expr,
  GroupingSet,
  OrderByItem,
  Scan,
} from "../resolved.ts";
import {
  type AggregateCall,
  type Apply,
  columnName,
  type Lowering,
  type ScanLowering,
  selectList,
  Unsupported,
} from "./lowering.ts";
import { besideOuter } from "./outer_columns.ts";
import { orderBy, typed } from "./scans.ts";

interface Aggregate {
  /** `c12`: its column. */
  name: string;
  call: AggregateFunctionCall;
}

export const aggregateScan: ScanLowering<AggregateScan> = (scan, lower) => {
  const keys = scan.groupByList.map(({ column }) => columnName(column));
  const prepared = [...scan.groupByList];
  const aggregates = scan.aggregateList.map(({ column, expr }) => ({
    name: columnName(column),
    call: overColumns(expr as AggregateFunctionCall, lower, prepared),
  }));
  const rows = withPrepared(scan.inputScan, prepared, lower);
  const made = aggregates.map(({ name, call }) =>
    `${lower.aggregate(call)(call, lower, toGroup(name, call, lower))} AS ${name}`
  );
  const groupings = scan.groupingCallList.map(({ groupByColumn, outputColumn }) =>
    `grouping(${columnName(groupByColumn.column)}) AS ${columnName(outputColumn)}`
  );
  const list = [...keys, ...made, ...groupings].join(", ") || "1 AS c0";
  const from = withExtremes(rows, aggregates, scan, lower);
  const query = `SELECT ${list} FROM (${from})${groupBy(scan, keys)}`;
  return `SELECT ${selectList(scan.columnList)} FROM (${query})`;
};

/** A scan with further columns: a key's name in GROUP BY is then never ambiguous. */
export function withPrepared(scan: Scan, prepared: ComputedColumn[], lower: Lowering): string {
  const made = prepared.map(({ column }) => columnName(column));
  const carried = scan.columnList.map(columnName).filter((name) => !made.includes(name));
  const { written, from } = besideOuter(
    prepared.map(({ expr }) => expr),
    lower,
    () =>
      prepared.map(({ column, expr }) =>
        `${typed(lower.expr(expr), expr.type)} AS ${columnName(column)}`
      ),
  );
  const list = [...new Set(carried), ...written].join(", ") || "1 AS c0";
  return `SELECT ${list} FROM ${from(lower.from(scan))}`;
}

/**
 * The call over columns only: an argument that is more gets a column of its own one level below, so
 * that a lowering may name it more than once. `prepared` takes what that level computes.
 */
export function overColumns<C extends AggregateCall>(
  call: C,
  lower: Lowering,
  prepared: ComputedColumn[],
): C {
  const argumentList = call.argumentList.map((expr): Expr => {
    if (expr.kind === "ColumnRef" || expr.kind === "Literal") return expr;
    const column = lower.newColumn(expr.type);
    prepared.push({ column, expr });
    return { kind: "ColumnRef", type: expr.type, column, isCorrelated: false };
  });
  return { ...call, argumentList };
}

/** Whether a row counts for `f(x HAVING MAX y)`, by the aggregate's column. */
const kept = (name: string) => `kept_${name}`;

/** `f(x HAVING MAX y)`: a column says of each row whether its y is the greatest of its group. */
function withExtremes(
  rows: string,
  aggregates: Aggregate[],
  scan: AggregateScan,
  lower: Lowering,
): string {
  const limited = aggregates.filter(({ call }) => call.havingModifier);
  if (limited.length === 0) return rows;
  if (scan.groupingSetList.length > 0) {
    throw new Unsupported("HAVING in an aggregate call over grouping sets", scan.place);
  }
  const keys = scan.groupByList.map(({ column }) => columnName(column));
  const partition = keys.length === 0 ? "" : `PARTITION BY ${keys.join(", ")}`;
  const columns = limited.map(({ name, call }) => {
    const { kindOf, havingExpr } = call.havingModifier!;
    if (havingExpr.type.kind === "FLOAT64") {
      throw new Unsupported("HAVING MAX or MIN of FLOAT64", call.place);
    }
    const value = lower.expr(havingExpr);
    const extreme = `${kindOf.toLowerCase()}(${value}) OVER (${partition})`;
    return `${value} IS NOT DISTINCT FROM ${extreme} AS ${kept(name)}`;
  });
  return `SELECT *, ${columns.join(", ")} FROM (${rows})`;
}

/** Grouping sets come whole from the analyzer, ROLLUP and CUBE in their short form. */
function groupBy(scan: AggregateScan, keys: string[]): string {
  if (scan.groupingSetList.length > 0) {
    return ` GROUP BY GROUPING SETS (${scan.groupingSetList.map(groupingSet).join(", ")})`;
  }
  return keys.length === 0 ? "" : ` GROUP BY ${keys.join(", ")}`;
}

function groupingSet(set: GroupingSet): string {
  const list = (sets: GroupingSet["rollupColumnList"] = []) =>
    sets.map(({ columnList }) =>
      `(${columnList.map(({ column }) => columnName(column)).join(", ")})`
    ).join(", ");
  switch (set.kind) {
    case "GroupingSet": {
      const columns = (set.groupByColumnList ?? []).map(({ column }) => columnName(column));
      return `(${columns.join(", ")})`;
    }
    case "Rollup":
      return `ROLLUP (${list(set.rollupColumnList)})`;
    case "Cube":
      return `CUBE (${list(set.cubeColumnList)})`;
    default:
      throw new Unsupported(`GROUP BY ${set.kind}`);
  }
}

/** `name(DISTINCT x ORDER BY k) FILTER (…)`, with NULL arguments left out where the call says so. */
function toGroup(column: string, call: AggregateFunctionCall, lower: Lowering): Apply {
  if (call.withGroupRowsSubquery) throw new Unsupported("WITH GROUP ROWS", call.place);
  const distinct = call.distinct ? "DISTINCT " : "";
  const items = call.orderByItemList.map((item) => ({ ...item, columnRef: orderKey(item, call) }));
  const order = items.length > 0 ? ` ORDER BY ${orderBy(items)}` : "";
  const having = call.havingModifier ? [kept(column)] : [];
  return (name, args, condition) => {
    const conditions = [...having, ...nullsLeftOut(call, lower)];
    if (condition !== undefined) conditions.push(condition);
    return `${name}(${distinct}${args.join(", ")}${order})${filter(conditions)}`;
  };
}

/** With DISTINCT the only key there can be is the argument, and DuckDB wants to see that it is. */
function orderKey({ columnRef }: OrderByItem, call: AggregateFunctionCall): ColumnRef {
  const [argument] = call.argumentList;
  return call.distinct && argument.kind === "ColumnRef" ? argument : columnRef;
}

/** The condition that IGNORE NULLS sets. */
export function nullsLeftOut(
  call: Pick<AggregateFunctionCall, "nullHandlingModifier" | "argumentList">,
  lower: Lowering,
): string[] {
  if (call.nullHandlingModifier !== "IGNORE_NULLS") return [];
  return [`${lower.expr(call.argumentList[0])} IS NOT NULL`];
}

export const filter = (conditions: string[]): string =>
  conditions.length === 0 ? "" : ` FILTER (WHERE ${conditions.join(" AND ")})`;
