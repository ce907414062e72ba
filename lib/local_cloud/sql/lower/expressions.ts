/** Expressions that are neither functions nor casts: values, columns, structs, subqueries. */
import { quote, structFieldNames, type StructType } from "../../warehouse/types.ts";
import type {
  ColumnRef,
  FunctionCall,
  GetStructField,
  Literal,
  MakeStruct,
  OrderByScan,
  Scan,
  SubqueryExpr,
  WithExpr,
} from "../resolved.ts";
import { sqlLiteral } from "../values.ts";
import { columnName, type Lowering, repeatable, Unsupported } from "./lowering.ts";
import { orderBy } from "./scans.ts";
import { arraySubquery } from "./unnest.ts";
import { unstorable } from "../../warehouse/types.ts";

export function literal(node: Literal): string {
  const kind = unstorable(node.type);
  if (kind !== undefined) throw new Unsupported(`A value of type ${kind}`, node.place);
  return sqlLiteral(node.value, node.type);
}

export const columnRef = (node: ColumnRef, lower: Lowering) => lower.column(node.column.id);

/** `STRUCT(a AS x, b)` → `struct_pack(x := a, "$2" := b)` */
export function makeStruct(node: MakeStruct, lower: Lowering): string {
  const names = structFieldNames(node.type as StructType);
  const fields = node.fieldList.map((field, i) => `${quote(names[i])} := ${lower.expr(field)}`);
  if (fields.length === 0) throw new Unsupported("A STRUCT without fields", node.place);
  return `struct_pack(${fields.join(", ")})`;
}

export function getStructField(node: GetStructField, lower: Lowering): string {
  const names = structFieldNames(node.expr.type as StructType);
  return `struct_extract(${lower.expr(node.expr)}, '${
    names[node.fieldIdx].replaceAll("'", "''")
  }')`;
}

/**
 * SAFE.f(x): TRY makes an error NULL. It would swallow the errors of x too, which GoogleSQL does
 * not, so only arguments that cannot fail are allowed.
 */
export function functionCall(node: FunctionCall, lower: Lowering): string {
  const write = lower.function(node);
  const sql = write(lower.exprs(node.argumentList), node, lower);
  if (node.errorMode !== "SAFE_ERROR_MODE") return sql;
  if (!node.argumentList.every(cannotFail)) {
    throw new Unsupported("SAFE. on a call whose arguments are calls", node.place);
  }
  return `TRY(${sql})`;
}

const cannotFail = (node: FunctionCall["argumentList"][number]): boolean =>
  node.kind === "Literal" || node.kind === "ColumnRef" ||
  (node.kind === "GetStructField" && cannotFail(node.expr));

/** Names for expressions, as the inlining of a SQL function leaves them. */
export function withExpr(node: WithExpr, lower: Lowering, from = 0): string {
  if (from === node.assignmentList.length) return lower.expr(node.expr);
  const { column, expr } = node.assignmentList[from];
  const sql = lower.expr(expr);
  const rest = () => withExpr(node, lower, from + 1);
  if (repeatable(sql)) return lower.bound(column.id, sql, rest);
  return `(SELECT ${rest()} FROM (SELECT ${sql} AS ${columnName(column)}))`;
}

export function subquery(node: SubqueryExpr, lower: Lowering): string {
  const overArray = arraySubquery(node, lower);
  if (overArray !== undefined) return overArray;
  switch (node.subqueryType) {
    case "SCALAR":
      return `(SELECT ${columnName(node.subquery.columnList[0])} FROM ${
        lower.from(node.subquery, true)
      })`;
    case "EXISTS":
      return `EXISTS (${lower.scan(node.subquery)})`;
    case "IN":
      if (node.inExpr!.type.kind === "FLOAT64") {
        throw new Unsupported("IN over FLOAT64", node.place);
      }
      return `(${lower.expr(node.inExpr!)} IN (SELECT ${
        columnName(node.subquery.columnList[0])
      } FROM ${lower.from(node.subquery)}))`;
    case "ARRAY":
      return arrayOf(node, lower);
    default:
      throw new Unsupported(`A ${node.subqueryType} subquery`, node.place);
  }
}

/** ARRAY(SELECT …): never NULL, and in the subquery's order. */
function arrayOf(node: SubqueryExpr, lower: Lowering): string {
  const value = columnName(node.subquery.columnList[0]);
  const ordered = ordering(node.subquery);
  if (ordered === undefined) {
    if (node.subquery.isOrdered && node.parameterList.length > 0) {
      throw new Unsupported("An ordered and limited ARRAY subquery that is correlated", node.place);
    }
    return `coalesce((SELECT list(${value}) FROM ${lower.from(node.subquery, true)}), [])`;
  }
  const rows = keepingKeys(node.subquery, ordered);
  return `coalesce((SELECT list(${value} ORDER BY ${orderBy(ordered.orderByItemList)}) FROM ${
    lower.from(rows)
  }), [])`;
}

/** The ORDER BY of a subquery without LIMIT. */
function ordering(scan: Scan): OrderByScan | undefined {
  if (scan.kind === "OrderByScan") return scan;
  return scan.kind === "ProjectScan" && scan.inputScan.kind === "OrderByScan"
    ? scan.inputScan
    : undefined;
}

/** The scan with the columns it is ordered by still in it. */
function keepingKeys(scan: Scan, ordered: OrderByScan): Scan {
  if (scan.kind !== "ProjectScan") return ordered;
  const keys = ordered.orderByItemList.map(({ columnRef }) => columnRef.column);
  return { ...scan, columnList: [...scan.columnList, ...keys] };
}
