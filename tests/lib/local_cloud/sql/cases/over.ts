/** Queries that evaluate expressions over values written out, for tables do not hold everything. */

/**
 * One query for each expression, over all values at once, `x` being the value.
 *
 * @example
 * ```ts ignore
 * over(["'1'", "' 2 '"], ["CAST(x AS INT64)"]);
 * // SELECT i, CAST(x AS INT64) AS y FROM UNNEST(['1', ' 2 ']) AS x WITH OFFSET AS i
 * ```
 */
export function over(values: string[], expressions: string[]): string[] {
  const rows = `UNNEST([${values.join(", ")}]) AS x WITH OFFSET AS i`;
  return expressions.map((expression) => `SELECT i, ${expression} AS y FROM ${rows}`);
}

/**
 * One query for each value: one that fails hides no other.
 */
export function each(values: string[], expression: string): string[] {
  return values.map((value) => `SELECT ${expression} AS y FROM UNNEST([${value}]) AS x`);
}

/** Two sets of values crossed, as `x` and `y`. */
export function pairs(xs: string[], ys: string[], expressions: string[]): string[] {
  const rows = `UNNEST([${xs.join(", ")}]) AS x WITH OFFSET AS i, UNNEST([${
    ys.join(", ")
  }]) AS y WITH OFFSET AS j`;
  return expressions.map((expression) => `SELECT i, j, ${expression} AS z FROM ${rows}`);
}
