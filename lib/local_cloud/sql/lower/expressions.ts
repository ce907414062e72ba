/** Expressions that are neither functions nor casts: values, columns, structs, subqueries. */
import { quote, structFieldNames, type StructType } from "../../warehouse/types.ts";
import type {
  ColumnRef,
  Expr,
  FunctionCall,
  GetStructField,
  Literal,
  MakeStruct,
  SubqueryExpr,
  WithExpr,
} from "../resolved.ts";
import { sqlLiteral } from "../values.ts";
import {
  columnName,
  hasSubquery,
  type Lowering,
  mayRefuse,
  once,
  repeatable,
  Unsupported,
} from "./lowering.ts";
import { withoutInterval } from "./intervals.ts";
import { RANK, ranked } from "./scans.ts";
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

/** Functions that evaluate an argument only if they need it. */
const LAZY = new Set([
  "$and",
  "$case_no_value",
  "$case_with_value",
  "$or",
  "coalesce",
  "if",
  "ifnull",
]);

/**
 * A call. Where its lowering puts arguments into a lambda or writes them twice, those with a subquery
 * in them are evaluated ahead of it: DuckDB takes no subquery inside a lambda.
 */
export function functionCall(call: FunctionCall, lower: Lowering): string {
  const node = withoutInterval(call);
  const write = lower.function(node);
  const args = lower.exprs(node.argumentList);
  if (node.errorMode === "SAFE_ERROR_MODE") return safeCall(node, args, lower);
  if (LAZY.has(node.name) || !args.some(hasSubquery)) return write(args, node, lower);
  const inner = (values: string[]) => write(values, node, lower);
  const plain = inner(args);
  const added = marks(plain) > args.reduce((sum, sql) => sum + marks(sql), 0);
  return added ? ahead(args, args.map(hasSubquery), inner) : plain;
}

/** How many lambdas and subqueries there are in what was written. */
const marks = (sql: string): number => sql.match(/\b(lambda|SELECT)\b/g)?.length ?? 0;

/**
 * SAFE.f(x): TRY makes an error of f NULL. It must not swallow those of x, which GoogleSQL does not,
 * so what may fail among the arguments is evaluated ahead of it. TRY takes no `error(…)` in it, so
 * that the errors that f's lowering raises itself become NULL in its text.
 */
function safeCall(node: FunctionCall, args: string[], lower: Lowering): string {
  const write = lower.function(node);
  const outside = node.argumentList.map((arg) => !cannotFail(arg));
  return ahead(
    args,
    outside,
    (values) => {
      const sql = write(values, node, lower);
      // A refusal is ours, not an error of the call's: it must not become NULL.
      if (mayRefuse(sql)) throw new Unsupported(`SAFE.${node.name.toUpperCase()}`, node.place);
      return `TRY(${sql.replaceAll(RAISED, "NULL")})`;
    },
  );
}

/** What {@link raise} writes. */
const RAISED = /error\('(?:[^']|'')*'\)/g;

/** Literals that could be taken for an error are kept outside too. */
const cannotFail = (node: Expr): boolean =>
  (node.kind === "Literal" && !node.value.stringValue?.includes("error(")) ||
  node.kind === "ColumnRef" ||
  (node.kind === "GetStructField" && cannotFail(node.expr));

/** Evaluates the arguments marked `outside` first, and gives `body` names for them. */
function ahead(args: string[], outside: boolean[], body: (args: string[]) => string): string {
  const evaluated = args.filter((_, i) => outside[i]);
  if (evaluated.length === 0) return body(args);
  const fields = evaluated.map((sql, i) => `x${i} := ${sql}`).join(", ");
  let next = 0;
  return once(
    `struct_pack(${fields})`,
    (name) => body(args.map((sql, i) => outside[i] ? `${name}.x${next++}` : sql)),
  );
}

/** Names for expressions, as the inlining of a SQL function leaves them. */
export function withExpr(node: WithExpr, lower: Lowering, from = 0): string {
  if (from === node.assignmentList.length) return lower.expr(node.expr);
  const { column, expr } = node.assignmentList[from];
  const sql = lower.expr(expr);
  const rest = () => withExpr(node, lower, from + 1);
  if (repeatable(sql)) return lower.bound(column.id, sql, rest);
  const name = columnName(column);
  const body = rest();
  if (!hasSubquery(body)) return `list_transform([${sql}], lambda ${name}: ${body})[1]`;
  return `(SELECT ${body} FROM (SELECT ${sql} AS ${name}))`;
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
      return inSubquery(node, lower);
    case "ARRAY":
      return arrayOf(node, lower);
    default:
      throw new Unsupported(`A ${node.subqueryType} subquery`, node.place);
  }
}

/** ARRAY(SELECT …): never NULL, and in the subquery's order. */
function arrayOf(node: SubqueryExpr, lower: Lowering): string {
  const { subquery, parameterList } = node;
  const value = columnName(subquery.columnList[0]);
  const rows = ranked(subquery, lower);
  if (rows !== undefined) {
    return `coalesce((SELECT list(${value} ORDER BY ${RANK}) FROM (${rows})), [])`;
  }
  if (subquery.isOrdered && parameterList.length > 0) {
    throw new Unsupported("An ARRAY subquery ordered so far inside", node.place);
  }
  return `coalesce((SELECT list(${value}) FROM ${lower.from(subquery, true)}), [])`;
}

/** NaN equals nothing in GoogleSQL, itself in DuckDB: it is left out of what is searched. */
function inSubquery(node: SubqueryExpr, lower: Lowering): string {
  const { kind } = node.inExpr!.type;
  if (kind === "STRUCT" || kind === "ARRAY") throw new Unsupported(`IN over ${kind}`, node.place);
  const value = columnName(node.subquery.columnList[0]);
  const numbers = kind === "FLOAT64" ? ` WHERE ${value} IS NULL OR NOT isnan(${value})` : "";
  const rows = `SELECT ${value} FROM ${lower.from(node.subquery)}${numbers}`;
  return `(${lower.expr(node.inExpr!)} IN (${rows}))`;
}
