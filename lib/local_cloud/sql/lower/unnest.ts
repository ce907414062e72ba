/** UNNEST: of a table's array, of an array alone, and subqueries over one array. */
import type { ArrayScan, Expr, Scan, SubqueryExpr } from "../resolved.ts";
import { isSingleRow } from "./combine.ts";
import {
  columnName,
  hasSubquery,
  type Lowering,
  once,
  raise,
  type ScanLowering,
  selectList,
} from "./lowering.ts";
import { besideOuter } from "./outer_columns.ts";

/**
 * `FROM t, UNNEST(a) AS x WITH OFFSET AS i` → `SELECT …, unnest(a) AS c5, … FROM t`: DuckDB then
 * streams, where a lateral join builds a table of its own.
 */
export const arrayScan: ScanLowering<ArrayScan> = (scan, lower) => {
  if (scan.isOuter && scan.joinExpr) return outerJoin(scan, lower);
  const rows = beside(scan, lower, (array) => {
    const elements = scan.isOuter ? orNull(array) : array;
    const made = [`unnest(${elements}) AS ${columnName(scan.elementColumn)}`];
    if (scan.arrayOffsetColumn) {
      // Two unnests of one SELECT step together; an empty array's one NULL row has no offset.
      const offsets = `range(len(${array}))`;
      const steps = scan.isOuter
        ? `CASE WHEN len(${array}) > 0 THEN ${offsets} ELSE [NULL] END`
        : offsets;
      made.push(`unnest(${steps}) AS ${columnName(scan.arrayOffsetColumn.column)}`);
    }
    return made;
  });
  if (scan.joinExpr === undefined) return `SELECT ${selectList(scan.columnList)} FROM (${rows})`;
  const { joinExpr } = scan;
  const { written, from } = besideOuter([joinExpr], lower, () => [lower.expr(joinExpr)]);
  return `SELECT ${selectList(scan.columnList)} FROM ${from(`(${rows})`)} WHERE ${written[0]}`;
};

/** The input's rows with what is made of the array beside their columns. */
function beside(
  { inputScan, arrayExpr }: ArrayScan,
  lower: Lowering,
  make: (array: string) => string[],
): string {
  const { written, from } = besideOuter([arrayExpr], lower, () => make(lower.expr(arrayExpr)));
  const alone = isSingleRow(inputScan);
  const carried = alone ? [] : inputScan!.columnList.map(columnName);
  const list = [...new Set(carried), ...written].join(", ");
  const rows = from(alone ? "(SELECT 1)" : lower.from(inputScan!));
  return `SELECT ${list} FROM ${rows}`;
}

/**
 * `FROM t LEFT JOIN UNNEST(a) AS x ON condition`: the elements that meet the condition, each with its
 * offset, are found by lambda; a row where none does unnests a NULL. With a subquery in it the
 * condition needs a lateral join.
 */
function outerJoin(scan: ArrayScan, lower: Lowering): string {
  const { elementColumn, arrayOffsetColumn } = scan;
  const [pair, pairs] = [`p${elementColumn.id}`, `u${elementColumn.id}`];
  const offset = arrayOffsetColumn?.column;
  const condition = () => lower.expr(scan.joinExpr!);
  const onPair = lower.bound(
    elementColumn.id,
    `${pair}.e`,
    () => offset === undefined ? condition() : lower.bound(offset.id, `${pair}.o`, condition),
  );
  if (hasSubquery(onPair)) return lateralJoin(scan, condition(), lower);
  const rows = beside(scan, lower, (array) => {
    const numbered = `list_transform(${array}, lambda e, i: struct_pack(e := e, o := i - 1))`;
    return [`unnest(${orNull(`list_filter(${numbered}, lambda ${pair}: ${onPair})`)}) AS ${pairs}`];
  });
  const columns = scan.columnList.map((column) => {
    const part = column.id === elementColumn.id ? "e" : column.id === offset?.id ? "o" : undefined;
    const name = columnName(column);
    return part === undefined ? name : `${pairs}.${part} AS ${name}`;
  });
  return `SELECT ${[...new Set(columns)].join(", ") || "1 AS c0"} FROM (${rows})`;
}

function lateralJoin(scan: ArrayScan, condition: string, lower: Lowering): string {
  const array = lower.expr(scan.arrayExpr);
  const made = [`unnest(${array}) AS ${columnName(scan.elementColumn)}`];
  if (scan.arrayOffsetColumn) {
    made.push(`unnest(range(len(${array}))) AS ${columnName(scan.arrayOffsetColumn.column)}`);
  }
  const elements = `SELECT * FROM (SELECT ${made.join(", ")}) WHERE ${condition}`;
  const input = isSingleRow(scan.inputScan) ? "(SELECT 1)" : lower.from(scan.inputScan!);
  return `SELECT ${
    selectList(scan.columnList)
  } FROM ${input} LEFT JOIN LATERAL (${elements}) ON TRUE`;
}

const orNull = (list: string): string =>
  once(list, (rows) => `CASE WHEN len(${rows}) > 0 THEN ${rows} ELSE [NULL] END`);

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
  const { id } = source.elementColumn;
  return { array: source.arrayExpr, element: `c${id}`, elementId: id, condition, value };
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
  const inLambda = [query.condition, query.value].map((expr) => expr && lower.expr(expr));
  // DuckDB takes no subquery inside a lambda.
  if (inLambda.some((sql) => sql !== undefined && hasSubquery(sql))) return undefined;
  const [condition, value = lower.column(query.elementId)] = inLambda;
  const kept = condition === undefined
    ? array
    : `list_filter(${array}, lambda ${element}: ${condition})`;
  switch (node.subqueryType) {
    case "SCALAR":
      return once(kept, (list) => {
        const only = () => query.value === undefined ? `${list}[1]` : lower.expr(query.value);
        const first = lower.bound(query.elementId, `${list}[1]`, only);
        return `CASE WHEN len(${list}) = 1 THEN ${first} WHEN len(${list}) > 1 THEN ${TOO_MANY} END`;
      });
    case "EXISTS":
      return `coalesce(len(${kept}) > 0, FALSE)`;
    case "ARRAY":
      return query.value === undefined
        ? `coalesce(${kept}, [])`
        : `coalesce(list_transform(${kept}, lambda ${element}: ${value}), [])`;
    default:
      return undefined;
  }
}

const TOO_MANY = raise("Scalar subquery produced more than one element");
