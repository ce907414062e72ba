/** CAST and SAFE_CAST between types. */
import { typeName } from "../../warehouse/types.ts";
import type { Cast } from "../resolved.ts";
import { type Lowering, Unsupported } from "./lowering.ts";

/** Writes a cast of one expression; `from→to` finds it. */
type CastLowering = (sql: string) => string;

const CASTS = new Map<string, CastLowering>([
  ["INT64→FLOAT64", (sql) => `CAST(${sql} AS DOUBLE)`],
  ["INT64→STRING", (sql) => `CAST(${sql} AS VARCHAR)`],
]);

export function cast(node: Cast, lower: Lowering): string {
  const what = `CAST from ${typeName(node.expr.type)} to ${typeName(node.type)}`;
  if (node.format || node.timeZone) throw new Unsupported(`${what} with FORMAT`, node.place);
  const sql = lower.expr(node.expr);
  if (typeName(node.expr.type) === typeName(node.type)) return sql;
  const write = CASTS.get(`${node.expr.type.kind}→${node.type.kind}`);
  if (write === undefined) throw new Unsupported(what, node.place);
  return node.returnNullOnError ? `TRY(${write(sql)})` : write(sql);
}
