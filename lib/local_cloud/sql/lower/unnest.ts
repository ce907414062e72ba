/** UNNEST: of a table's array, of an array alone, and subqueries over one array. */
import type { ArrayScan, Expr, Scan, SubqueryExpr } from "../resolved.ts";
import { isSingleRow } from "./combine.ts";
import {
  columnName,
  type Lowering,
  once,
  raise,
  type ScanLowering,
  selectList,
  Unsupported,
} from "./lowering.ts";

/**
 * `FROM t, UNNEST(a) AS x WITH OFFSET AS i` → `SELECT …, unnest(a) AS c5, … FROM t`: DuckDB then
 * streams, where a lateral join builds a table of its own.
 */
export const arrayScan: ScanLowering<ArrayScan> = (scan, lower) => {
  if (scan.isOuter && scan.joinExpr) throw new Unsupported("LEFT JOIN UNNEST with ON", scan.place);
  const array = lower.expr(scan.arrayExpr);
  const rows = scan.isOuter
    ? once(array, (a) => `CASE WHEN len(${a}) > 0 THEN ${a} ELSE [NULL] END`)
    : array;
  const made = [`unnest(${rows}) AS ${columnName(scan.elementColumn)}`];
  if (scan.arrayOffsetColumn) {
    // Two unnests of one SELECT step together; an empty array's one NULL row has no offset.
    const offsets = `range(len(${array}))`;
    const steps = scan.isOuter
      ? `CASE WHEN len(${array}) > 0 THEN ${offsets} ELSE [NULL] END`
      : offsets;
    made.push(`unnest(${steps}) AS ${columnName(scan.arrayOffsetColumn.column)}`);
  }
  const carried = isSingleRow(scan.inputScan) ? [] : scan.inputScan!.columnList.map(columnName);
  const from = isSingleRow(scan.inputScan) ? "" : ` FROM ${lower.from(scan.inputScan!)}`;
  const list = [...new Set(carried), ...made].join(", ");
  const query = `SELECT ${list}${from}`;
  const where = scan.joinExpr ? ` WHERE ${lower.expr(scan.joinExpr)}` : "";
  return `SELECT ${selectList(scan.columnList)} FROM (${query})${where}`;
};

/** `(SELECT value FROM UNNEST(array) AS element WHERE condition)`, taken apart. */
interface ArrayQuery {
  array: Expr;
  element: string;
  elementId: number;
  condition?: Expr;
  /** Absent where the subquery yields the element itself. */
  value?: Expr;
}

/** Reads a subquery over one array and nothing else; `undefined` if it is anything more. */
function arrayQuery(scan: Scan): ArrayQuery | undefined {
  const projection = scan.kind === "ProjectScan" ? scan : undefined;
  const filtered = projection?.inputScan ?? scan;
  const condition = filtered.kind === "FilterScan" ? filtered.filterExpr : undefined;
  const source = filtered.kind === "FilterScan" ? filtered.inputScan : filtered;
  if (source.kind !== "ArrayScan" || !isSingleRow(source.inputScan)) return undefined;
  if (source.arrayOffsetColumn || source.joinExpr || source.isOuter) return undefined;
  if (scan.columnList.length > 1) return undefined;
  const value = projection?.exprList.find(({ column }) => column.id === scan.columnList[0]?.id)
    ?.expr;
  if (value === undefined && scan.columnList.some(({ id }) => id !== source.elementColumn.id)) {
    return undefined;
  }
  // DuckDB takes no subquery inside a lambda.
  if ([condition, value].some((expr) => expr !== undefined && hasSubquery(expr))) return undefined;
  const { id } = source.elementColumn;
  return { array: source.arrayExpr, element: `c${id}`, elementId: id, condition, value };
}

function hasSubquery(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(hasSubquery);
  if (typeof node !== "object" || node === null || node instanceof Uint8Array) return false;
  if ((node as { kind?: string }).kind === "SubqueryExpr") return true;
  return Object.values(node).some(hasSubquery);
}

/**
 * A subquery over one array as list functions with a lambda, some ten times faster than the same as
 * a correlated join; `undefined` if the subquery is not of that form.
 */
export function arraySubquery(node: SubqueryExpr, lower: Lowering): string | undefined {
  const query = arrayQuery(node.subquery);
  if (query === undefined) return undefined;
  const { element } = query;
  const array = lower.expr(query.array);
  const kept = query.condition === undefined
    ? array
    : `list_filter(${array}, lambda ${element}: ${lower.expr(query.condition)})`;
  switch (node.subqueryType) {
    case "SCALAR":
      return once(kept, (list) => {
        const first = lower.bound(query.elementId, `${list}[1]`, () => value(query, lower));
        return `CASE WHEN len(${list}) = 1 THEN ${first} WHEN len(${list}) > 1 THEN ${TOO_MANY} END`;
      });
    case "EXISTS":
      return `coalesce(len(${kept}) > 0, FALSE)`;
    case "ARRAY": {
      if (query.value === undefined) return `coalesce(${kept}, [])`;
      return `coalesce(list_transform(${kept}, lambda ${element}: ${value(query, lower)}), [])`;
    }
    default:
      return undefined;
  }
}

const TOO_MANY = raise("Scalar subquery produced more than one element");

const value = (query: ArrayQuery, lower: Lowering): string =>
  query.value === undefined ? lower.column(query.elementId) : lower.expr(query.value);
