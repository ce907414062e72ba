/**
 * Columns of an outer query inside a subquery: DuckDB fails to bind a call with a lambda in it that
 * names columns of both, so that those of the outer query become columns of the subquery's own rows.
 */
import type { ColumnRef, Expr, SubqueryExpr } from "../resolved.ts";
import type { Lowering } from "./lowering.ts";

interface Beside {
  written: string[];
  /** What the expressions are to be selected from, given the rows they are about. */
  from(rows: string): string;
}

/**
 * Writes expressions of one SELECT.
 *
 * `SELECT f(lambda x: … c6 …) FROM (…)` with `c6` from outside →
 * `SELECT f(lambda x: … outer6 …) FROM (SELECT *, c6 AS outer6 FROM (…))`
 */
export function besideOuter(exprs: Expr[], lower: Lowering, write: () => string[]): Beside {
  const written = write();
  const ids = written.some((sql) => sql.includes("lambda ")) ? [...outerColumns(exprs)] : [];
  if (ids.length === 0) return { written, from: (rows) => rows };
  const list = ids.map((id) => `${lower.column(id)} AS ${inner(id)}`).join(", ");
  const within = ids.reduce(
    (write, id) => () => lower.bound(id, inner(id), write),
    write,
  );
  return { written: within(), from: (rows) => `(SELECT *, ${list} FROM ${rows})` };
}

const inner = (id: number) => `outer${id}`;

/** The numbers of the outer query's columns that expressions name, in their subqueries too. */
function outerColumns(node: unknown, found = new Set<number>()): Set<number> {
  if (typeof node !== "object" || node === null || node instanceof Uint8Array) return found;
  const { kind } = node as { kind?: string };
  if (kind === "ColumnRef") {
    const { column, isCorrelated } = node as ColumnRef;
    if (isCorrelated) found.add(column.id);
  } else if (kind === "SubqueryExpr") {
    // What is correlated inside of it may be a column of this query.
    const { parameterList, inExpr } = node as SubqueryExpr;
    outerColumns([parameterList, inExpr], found);
  } else Object.values(node).forEach((value) => outerColumns(value, found));
  return found;
}
