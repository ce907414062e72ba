/** Scans of one input or two: tables, projections, filters, joins, order, limit. */
import { duckdbType, quote, type SqlType, unstorable } from "../../warehouse/types.ts";
import type {
  ColumnRef,
  ComputedColumn,
  Expr,
  FilterScan,
  JoinScan,
  LimitOffsetScan,
  OrderByItem,
  OrderByScan,
  ProjectScan,
  ResolvedColumn,
  SampleScan,
  Scan,
  TableScan,
} from "../resolved.ts";
import {
  columnName,
  hasSubquery,
  type Lowering,
  type ScanLowering,
  selectList,
  Unsupported,
} from "./lowering.ts";
import { besideOuter } from "./outer_columns.ts";

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
  const { written, from } = projected(scan, lower);
  const list = written.join(", ") || "1 AS c0";
  if (scan.inputScan.kind !== "SingleRowScan") {
    return `SELECT ${list} FROM ${from(lower.from(scan.inputScan, ordered))}`;
  }
  const rows = from("(SELECT 1)");
  return rows === "(SELECT 1)" ? `SELECT ${list}` : `SELECT ${list} FROM ${rows}`;
};

function projected(scan: ProjectScan, lower: Lowering) {
  const computed = new Map(scan.exprList.map(({ column, expr }) => [column.id, expr]));
  const columns = new Map(scan.columnList.map((column) => [column.id, column]));
  return besideOuter([...computed.values()], lower, () =>
    [...columns.values()].map((column) => {
      const expr = computed.get(column.id);
      const name = columnName(column);
      return expr === undefined ? name : `${typed(lower.expr(expr), expr.type)} AS ${name}`;
    }));
}

/** DuckDB takes what is NULL whatever the rows are for an INTEGER, and joins and unions by that. */
export function typed(sql: string, type: SqlType): string {
  if (type.kind === "ARRAY" || type.kind === "STRUCT" || /^c\d+$/.test(sql)) return sql;
  return unstorable(type) === undefined ? `CAST(${sql} AS ${duckdbType(type)})` : sql;
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
    const { written, from } = projected(scan, lower);
    return `SELECT ${[...written, RANK].join(", ")} FROM ${from(`(${rows})`)}`;
  }
  const offset = scan.offset === undefined ? "0" : lower.expr(scan.offset);
  const limit = scan.limit === undefined
    ? ""
    : ` AND ${RANK} - ${offset} <= ${lower.expr(scan.limit)}`;
  return `SELECT ${
    selectList(scan.columnList)
  }, ${RANK} FROM (${rows}) WHERE ${RANK} > ${offset}${limit}`;
}

export const filter: ScanLowering<FilterScan> = (scan, lower) => {
  const { written, from } = besideOuter([scan.filterExpr], lower, () => [
    lower.expr(scan.filterExpr),
  ]);
  const rows = from(lower.from(scan.inputScan));
  return `SELECT ${selectList(scan.columnList)} FROM ${rows} WHERE ${written[0]}`;
};

export const join: ScanLowering<JoinScan> = (scan, lower) => {
  if (scan.joinType !== "INNER" && hasSubquery(onClause(scan, lower))) {
    return joinOnSubquery(scan, lower);
  }
  const exprs = scan.joinExpr === undefined ? [] : [scan.joinExpr];
  const { written, from } = besideOuter(exprs, lower, () => [onClause(scan, lower)]);
  return joined(scan, written[0], [from(lower.from(scan.leftScan)), lower.from(scan.rightScan)]);
};

const onClause = ({ joinExpr }: JoinScan, lower: Lowering): string =>
  joinExpr === undefined ? "TRUE" : lower.expr(joinExpr);

function joined({ joinType, joinExpr, columnList }: JoinScan, on: string, sides: string[]): string {
  const [left, right] = sides;
  const operator = joinExpr === undefined && joinType === "INNER"
    ? `CROSS JOIN ${right}`
    : `${joinType} JOIN ${right} ON ${on}`;
  return `SELECT ${selectList(columnList)} FROM ${left} ${operator}`;
}

/**
 * `a LEFT JOIN b ON a.k = b.k AND b.x IN (SELECT …)`: DuckDB takes no subquery there, so that each
 * condition with one becomes a column of the side that it is about.
 */
function joinOnSubquery(scan: JoinScan, lower: Lowering): string {
  const sides = [scan.leftScan, scan.rightScan];
  const tests: ComputedColumn[][] = [[], []];
  const conditions = conjuncts(scan.joinExpr!).map((expr) => {
    const sql = lower.expr(expr);
    if (!hasSubquery(sql)) return sql;
    const side = sides.findIndex((_, i) => !namesColumn(expr, sides[1 - i].columnList));
    if (side < 0) throw new Unsupported("A subquery over both sides of an outer join", scan.place);
    const column = lower.newColumn(expr.type);
    tests[side].push({ column, expr });
    return columnName(column);
  });
  const inputs = sides.map((side, i) => {
    const made = tests[i].map(({ column, expr }) => `${lower.expr(expr)} AS ${columnName(column)}`);
    const input = lower.from(side);
    return made.length === 0 ? input : `(SELECT *, ${made.join(", ")} FROM ${input})`;
  });
  return joined(scan, conditions.join(" AND "), inputs);
}

const conjuncts = (expr: Expr): Expr[] =>
  expr.kind === "FunctionCall" && expr.name === "$and"
    ? expr.argumentList.flatMap(conjuncts)
    : [expr];

/** Whether one of the columns is named anywhere in a tree. */
function namesColumn(node: unknown, columns: ResolvedColumn[]): boolean {
  if (typeof node !== "object" || node === null || node instanceof Uint8Array) return false;
  if ((node as ColumnRef).kind === "ColumnRef") {
    return columns.some(({ id }) => id === (node as ColumnRef).column.id);
  }
  return Object.values(node).some((inner) => namesColumn(inner, columns));
}

/**
 * The keys of ORDER BY in GoogleSQL's order, each with its direction: NULL is the smallest value and
 * NaN the next, where DuckDB takes NaN for the largest.
 */
function orderKeys(items: OrderByItem[]): [key: string, direction: string][] {
  return items.flatMap(({ columnRef, isDescending, nullOrder }) => {
    const name = columnName(columnRef.column);
    const unspecified = nullOrder === undefined || nullOrder === "ORDER_UNSPECIFIED";
    const last = unspecified ? isDescending : nullOrder === "NULLS_LAST";
    const direction = `${isDescending ? "DESC" : "ASC"} ${last ? "NULLS LAST" : "NULLS FIRST"}`;
    const key: [string, string] = [name, direction];
    return columnRef.type.kind === "FLOAT64" ? [[`NOT isnan(${name})`, direction], key] : [key];
  });
}

/** What stands after ORDER BY. */
export function orderBy(items: OrderByItem[]): string {
  return orderKeys(items).map(([key, direction]) => `${key} ${direction}`).join(", ");
}

/**
 * The same as one key. DuckDB then answers `ROW_NUMBER() OVER (…) <= n` by keeping the n first rows
 * of each group, where for several keys it sorts them all.
 */
export function orderByOne(items: OrderByItem[]): string {
  const keys = orderKeys(items);
  if (keys.length <= 1) return orderBy(items);
  return `create_sort_key(${keys.map(([key, direction]) => `${key}, '${direction}'`).join(", ")})`;
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
