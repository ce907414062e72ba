/** CAST and SAFE_CAST between types, written or implied. */
import { quote, type SqlType, structFieldNames, typeName } from "../../warehouse/types.ts";
import type { Cast } from "../resolved.ts";
import { CIVIL_CASTS } from "./casts/civil.ts";
import { type CastLowering, type Fail, nulling, raising } from "./casts/lowering.ts";
import { NUMBER_CASTS } from "./casts/numbers.ts";
import { PARSE_CASTS } from "./casts/parse.ts";
import { TEXT_CASTS } from "./casts/text.ts";
import { type Lowering, once, repeatable, Unsupported } from "./lowering.ts";

const CASTS = new Map<string, CastLowering>([
  ...CIVIL_CASTS,
  ...NUMBER_CASTS,
  ...PARSE_CASTS,
  ...TEXT_CASTS,
]);

export function cast(node: Cast, lower: Lowering): string {
  const { expr, type, format, timeZone, typeModifiers, returnNullOnError } = node;
  const what = `CAST from ${typeName(expr.type)} to ${typeName(type)}`;
  if (format || timeZone) throw new Unsupported(`${what} with FORMAT`, node.place);
  if (typeModifiers && Object.keys(typeModifiers).length > 0) {
    throw new Unsupported(`${what} with parameters`, node.place);
  }
  const sql = lower.expr(expr);
  const written = converted(sql, expr.type, type, returnNullOnError ? nulling : raising);
  if (written === undefined) throw new Unsupported(what, node.place);
  return written;
}

/** `sql` cast between two types, or `undefined` if that is not among what can be written. */
function converted(sql: string, from: SqlType, to: SqlType, fail: Fail): string | undefined {
  if (typeName(from) === typeName(to)) return sql;
  if (from.kind === "ARRAY" && to.kind === "ARRAY") {
    const element = converted(ELEMENT, from.element, to.element, fail);
    // One element that fails makes SAFE_CAST of the whole array NULL.
    if (element === undefined || fail === nulling) return undefined;
    return element === ELEMENT ? sql : `list_transform(${sql}, lambda ${ELEMENT}: ${element})`;
  }
  if (from.kind === "STRUCT" && to.kind === "STRUCT") return struct(sql, from, to, fail);
  const write = CASTS.get(`${from.kind}→${to.kind}`);
  return write && once(sql, (value) => write(value, fail));
}

/** A cast of an element speaks of nothing else, so that one name does at every depth. */
const ELEMENT = "element";

type Struct = Extract<SqlType, { kind: "STRUCT" }>;

/** Field by field in their order, whatever their names; a NULL struct stays one. */
function struct(sql: string, from: Struct, to: Struct, fail: Fail): string | undefined {
  if (from.fields.length !== to.fields.length || fail === nulling) return undefined;
  const [fromNames, toNames] = [structFieldNames(from), structFieldNames(to)];
  const write = (value: string) => {
    const fields = from.fields.map((field, i) => {
      const part = `struct_extract(${value}, '${fromNames[i].replaceAll("'", "''")}')`;
      const sql = converted(part, field.type, to.fields[i].type, fail);
      return sql && `${quote(toNames[i])} := ${sql}`;
    });
    if (fields.includes(undefined)) return undefined;
    return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(", ")}) END`;
  };
  if (repeatable(sql) || write("v") === undefined) return write(sql);
  return once(sql, (value) => write(value)!);
}
