/** Scans of one input or two: tables, projections, filters, joins, order, limit. */
import { quote } from "../../warehouse/types.ts";
import type {
  FilterScan,
  JoinScan,
  LimitOffsetScan,
  OrderByItem,
  OrderByScan,
  ProjectScan,
  SampleScan,
  Scan,
  TableScan,
} from "../resolved.ts";
import {
  columnName,
  type Lowering,
  type ScanLowering,
  selectList,
  Unsupported,
} from "./lowering.ts";

/** `SELECT 1` → a relation of one row; nothing ever reads its column. */
export const singleRow = () => "SELECT 1 AS c0";

export const table: ScanLowering<TableScan> = (scan, lower) => {
  if (scan.forSystemTimeExpr) throw new Unsupported("FOR SYSTEM_TIME AS OF", scan.place);
  const entry = lower.sources.tables[Number(scan.table.serializationId)];
  const view = lower.sources.views.get(entry);
  const columns = scan.columnList.map((column, i) => {
    const index = scan.columnIndexList[i];
    const source = view === undefined ? quote(entry.columns[index].name) : `k${index}`;
    return `${source} AS ${columnName(column)}`;
  });
  const from = view === undefined ? entry.storage : `(${view})`;
  return `SELECT ${columns.join(", ") || "1 AS c0"} FROM ${from}`;
};

export const project: ScanLowering<ProjectScan> = (scan, lower, ordered) => {
  const list = projected(scan, lower).join(", ") || "1 AS c0";
  if (scan.inputScan.kind === "SingleRowScan") return `SELECT ${list}`;
  return `SELECT ${list} FROM ${lower.from(scan.inputScan, ordered)}`;
};

function projected(scan: ProjectScan, lower: Lowering): string[] {
  const computed = new Map(scan.exprList.map(({ column, expr }) => [column.id, expr]));
  const seen = new Set<number>();
  return scan.columnList.flatMap((column) => {
    if (seen.has(column.id)) return [];
    seen.add(column.id);
    const expr = computed.get(column.id);
    const name = columnName(column);
    return [expr === undefined ? name : `${lower.expr(expr)} AS ${name}`];
  });
}

/** Numbers the rows of {@link ranked}, from 1 on. */
export const RANK = "nth";

/**
 * An ordered scan with the order as a column of its own: DuckDB forgets the order of a subquery's
 * rows when it turns a correlated one into a join. `undefined` if the scan is not ordered, or
 * ordered further inside than is seen here.
 */
export function ranked(scan: Scan, lower: Lowering): string | undefined {
  if (scan.kind === "OrderByScan") {
    const rank = `row_number() OVER (ORDER BY ${orderBy(scan.orderByItemList)}) AS ${RANK}`;
    return `SELECT ${selectList(scan.columnList)}, ${rank} FROM ${lower.from(scan.inputScan)}`;
  }
  if (scan.kind !== "LimitOffsetScan" && scan.kind !== "ProjectScan") return undefined;
  const rows = ranked(scan.inputScan, lower);
  if (rows === undefined) return undefined;
  if (scan.kind === "ProjectScan") {
    return `SELECT ${[...projected(scan, lower), RANK].join(", ")} FROM (${rows})`;
  }
  const offset = scan.offset === undefined ? "0" : lower.expr(scan.offset);
  const limit = scan.limit === undefined
    ? ""
    : ` AND ${RANK} - ${offset} <= ${lower.expr(scan.limit)}`;
  return `SELECT ${
    selectList(scan.columnList)
  }, ${RANK} FROM (${rows}) WHERE ${RANK} > ${offset}${limit}`;
}

export const filter: ScanLowering<FilterScan> = (scan, lower) =>
  `SELECT ${selectList(scan.columnList)} FROM ${lower.from(scan.inputScan)} WHERE ${
    lower.expr(scan.filterExpr)
  }`;

export const join: ScanLowering<JoinScan> = (scan, lower) => {
  const left = lower.from(scan.leftScan);
  const right = lower.from(scan.rightScan);
  const on = scan.joinExpr === undefined ? "TRUE" : lower.expr(scan.joinExpr);
  const operator = scan.joinExpr === undefined && scan.joinType === "INNER"
    ? `CROSS JOIN ${right}`
    : `${scan.joinType} JOIN ${right} ON ${on}`;
  return `SELECT ${selectList(scan.columnList)} FROM ${left} ${operator}`;
};

/**
 * ORDER BY in GoogleSQL's order: NULL is the smallest value and NaN the next, where DuckDB takes NaN
 * for the largest.
 */
export function orderBy(items: OrderByItem[]): string {
  return items.flatMap(({ columnRef, isDescending, nullOrder }) => {
    const name = columnName(columnRef.column);
    const direction = isDescending ? "DESC" : "ASC";
    const unspecified = nullOrder === undefined || nullOrder === "ORDER_UNSPECIFIED";
    const last = unspecified ? isDescending : nullOrder === "NULLS_LAST";
    const nulls = last ? "NULLS LAST" : "NULLS FIRST";
    const key = `${name} ${direction} ${nulls}`;
    if (columnRef.type.kind !== "FLOAT64") return [key];
    return [`NOT isnan(${name}) ${direction} ${nulls}`, key];
  }).join(", ");
}

export const order: ScanLowering<OrderByScan> = (scan, lower, ordered) => {
  const rows = `SELECT ${selectList(scan.columnList)} FROM ${lower.from(scan.inputScan)}`;
  return ordered ? `${rows} ORDER BY ${orderBy(scan.orderByItemList)}` : rows;
};

export const limit: ScanLowering<LimitOffsetScan> = (scan, lower) => {
  const rows = scan.inputScan.kind === "OrderByScan"
    ? lower.scan(scan.inputScan, true)
    : `SELECT ${selectList(scan.columnList)} FROM ${lower.from(scan.inputScan, true)}`;
  return `${rows}${clause("LIMIT", scan.limit, lower)}${clause("OFFSET", scan.offset, lower)}`;
};

function clause(word: string, expr: LimitOffsetScan["limit"], lower: Lowering): string {
  return expr === undefined ? "" : ` ${word} ${lower.expr(expr)}`;
}

export const sample: ScanLowering<SampleScan> = (scan) => {
  throw new Unsupported("TABLESAMPLE", scan.place);
};
