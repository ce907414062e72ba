/** Window functions and their frames. */
import type {
  AnalyticFunctionCall,
  AnalyticFunctionGroup,
  AnalyticScan,
  WindowFrameExpr,
} from "../resolved.ts";
import {
  type AnalyticLowering,
  columnName,
  type Lowering,
  type ScanLowering,
  selectList,
  Unsupported,
} from "./lowering.ts";
import { orderBy } from "./scans.ts";

export const analyticScan: ScanLowering<AnalyticScan> = (scan, lower) => {
  const carried = scan.inputScan.columnList.map(columnName);
  const made = scan.functionGroupList.flatMap((group) =>
    group.analyticFunctionList.map(({ column, expr }) => {
      const call = expr as AnalyticFunctionCall;
      return `${lower.analytic(call)(call, lower)} OVER (${window(group, call, lower)}) AS ${
        columnName(column)
      }`;
    })
  );
  const query = `SELECT ${[...new Set(carried), ...made].join(", ")} FROM ${
    lower.from(scan.inputScan)
  }`;
  return `SELECT ${selectList(scan.columnList)} FROM (${query})`;
};

function window(group: AnalyticFunctionGroup, call: AnalyticFunctionCall, lower: Lowering): string {
  const partition = group.partitionBy?.partitionByList.map(({ column }) => columnName(column)) ??
    [];
  const order = group.orderBy?.orderByItemList ?? [];
  return [
    partition.length > 0 ? `PARTITION BY ${partition.join(", ")}` : "",
    order.length > 0 ? `ORDER BY ${orderBy(order)}` : "",
    frame(call, lower),
  ].filter((part) => part !== "").join(" ");
}

function frame({ windowFrame, place }: AnalyticFunctionCall, lower: Lowering): string {
  if (windowFrame === undefined) return "";
  const { frameUnit, startExpr, endExpr } = windowFrame;
  const offsets = [startExpr, endExpr].some(({ boundaryType }) =>
    boundaryType.startsWith("OFFSET")
  );
  if (frameUnit === "RANGE" && offsets) throw new Unsupported("RANGE with an offset", place);
  return `${frameUnit} BETWEEN ${boundary(startExpr, lower)} AND ${boundary(endExpr, lower)}`;
}

function boundary({ boundaryType, expression }: WindowFrameExpr, lower: Lowering): string {
  const words = boundaryType.replace("OFFSET_", "").replace("_", " ");
  return expression === undefined ? words : `${lower.expr(expression)} ${words}`;
}

const plain = (name: string): AnalyticLowering => (call, lower) => {
  if (call.distinct) throw new Unsupported(`${call.name.toUpperCase()}(DISTINCT) OVER`, call.place);
  const nulls = call.nullHandlingModifier === "IGNORE_NULLS" ? " IGNORE NULLS" : "";
  return `${name}(${lower.exprs(call.argumentList).join(", ")}${nulls})`;
};

/** The aggregates whose meaning over a window is that of DuckDB's namesake. */
const sum: AnalyticLowering = (call, lower) => {
  // DuckDB's sum of BIGINT over a window is 128 bits wide and cannot be cast before OVER.
  if (call.type.kind !== "FLOAT64") {
    throw new Unsupported(`SUM(${call.type.kind}) OVER`, call.place);
  }
  return plain("sum")(call, lower);
};

export const ANALYTICS: [string, AnalyticLowering][] = [
  ["$count_star", () => "count(*)"],
  ["count", plain("count")],
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
  ["sum", sum],
];
