/** Window functions and their frames. */
import type {
  AnalyticFunctionCall,
  AnalyticFunctionGroup,
  AnalyticScan,
  ComputedColumn,
  OrderByItem,
  WindowFrameExpr,
} from "../resolved.ts";
import { AGGREGATES, QUANTILES } from "./aggregate_functions.ts";
import { filter, nullsLeftOut, overColumns, withPrepared } from "./aggregates.ts";
import {
  type AggregateLowering,
  type AnalyticLowering,
  type Apply,
  columnName,
  type Lowering,
  type ScanLowering,
  selectList,
  Unsupported,
} from "./lowering.ts";
import { orderBy, orderByOne } from "./scans.ts";

export const analyticScan: ScanLowering<AnalyticScan> = (scan, lower) => {
  const carried = [...new Set(scan.inputScan.columnList.map(columnName))];
  const prepared: ComputedColumn[] = [];
  const made = scan.functionGroupList.flatMap((group) =>
    group.analyticFunctionList.map(({ column, expr }) => {
      const call = overColumns(expr as AnalyticFunctionCall, lower, prepared);
      const over = (sql: string) => `${sql} OVER (${window(group, call, lower)})`;
      return `${lower.analytic(call)(call, lower, over)} AS ${columnName(column)}`;
    })
  );
  const list = [...carried, ...made].join(", ");
  const rows = withPrepared(scan.inputScan, prepared, lower);
  return `SELECT ${selectList(scan.columnList)} FROM (SELECT ${list} FROM (${rows}))`;
};

function window(group: AnalyticFunctionGroup, call: AnalyticFunctionCall, lower: Lowering): string {
  const partition = group.partitionBy?.partitionByList.map(({ column }) => columnName(column)) ??
    [];
  const order = group.orderBy?.orderByItemList ?? [];
  const write = call.name === "row_number" ? orderByOne : orderBy;
  const keys = byOffset(call) ? offsetOrder(order, call) : write(order);
  return [
    partition.length > 0 ? `PARTITION BY ${partition.join(", ")}` : "",
    order.length > 0 ? `ORDER BY ${keys}` : "",
    frame(call, lower),
  ].filter((part) => part !== "").join(" ");
}

/** Whether a frame ends at a distance from the current row's key. */
const byOffset = ({ windowFrame }: AnalyticFunctionCall): boolean =>
  windowFrame?.frameUnit === "RANGE" &&
  [windowFrame.startExpr, windowFrame.endExpr].some(({ boundaryType }) =>
    boundaryType.startsWith("OFFSET")
  );

/**
 * One key, as DuckDB wants it. INT64 is widened, so that a distance from its end does not overflow.
 * A FLOAT64 would need a second key for NaN, and so is taken only where no NaN can be in the frame.
 */
function offsetOrder(
  [{ columnRef, isDescending, nullOrder }]: OrderByItem[],
  call: AnalyticFunctionCall,
): string {
  const { kind } = columnRef.type;
  const { startExpr, endExpr } = call.windowFrame!;
  const open = [startExpr, endExpr].some(({ boundaryType }) =>
    boundaryType.startsWith("UNBOUNDED")
  );
  const known = kind === "INT64" || (kind === "FLOAT64" && !open);
  if (!known) throw new Unsupported(`RANGE with an offset over ${kind}`, call.place);
  const name = columnName(columnRef.column);
  const unspecified = nullOrder === undefined || nullOrder === "ORDER_UNSPECIFIED";
  const last = unspecified ? isDescending : nullOrder === "NULLS_LAST";
  return `${kind === "INT64" ? `${name}::HUGEINT` : name} ${isDescending ? "DESC" : "ASC"} ${
    last ? "NULLS LAST" : "NULLS FIRST"
  }`;
}

function frame({ windowFrame }: AnalyticFunctionCall, lower: Lowering): string {
  if (windowFrame === undefined) return "";
  const { frameUnit, startExpr, endExpr } = windowFrame;
  return `${frameUnit} BETWEEN ${boundary(startExpr, lower)} AND ${boundary(endExpr, lower)}`;
}

function boundary({ boundaryType, expression }: WindowFrameExpr, lower: Lowering): string {
  const words = boundaryType.replace("OFFSET_", "").replace("_", " ");
  return expression === undefined ? words : `${lower.expr(expression)} ${words}`;
}

/** Numbering and navigation mean what DuckDB's namesakes do. */
const plain = (name: string): AnalyticLowering => (call, lower, over) => {
  const nulls = call.nullHandlingModifier === "IGNORE_NULLS" ? " IGNORE NULLS" : "";
  return over(`${name}(${lower.exprs(call.argumentList).join(", ")}${nulls})`);
};

/** An aggregate over a window; the NULLs that it leaves out stay in the frame. */
const aggregate = (write: AggregateLowering): AnalyticLowering => (call, lower, over) => {
  const distinct = call.distinct ? "DISTINCT " : "";
  const apply: Apply = (name, args, condition) => {
    const conditions = nullsLeftOut(call, lower);
    if (condition !== undefined) conditions.push(condition);
    return over(`${name}(${distinct}${args.join(", ")})${filter(conditions)}`);
  };
  return write(call, lower, apply);
};

export const ANALYTICS: [string, AnalyticLowering][] = [
  ...[...AGGREGATES, ...QUANTILES].map(([name, write]): [string, AnalyticLowering] => [
    name,
    aggregate(write),
  ]),
  ["cume_dist", plain("cume_dist")],
  ["dense_rank", plain("dense_rank")],
  ["first_value", plain("first_value")],
  ["lag", plain("lag")],
  ["last_value", plain("last_value")],
  ["lead", plain("lead")],
  ["nth_value", plain("nth_value")],
  ["ntile", plain("ntile")],
  ["percent_rank", plain("percent_rank")],
  ["rank", plain("rank")],
  ["row_number", plain("row_number")],
];
