/**
 * The reference implementation takes rows only for tables at the root of its catalog, but BigQuery's
 * tables lie in datasets: `FROM d.t` becomes ``FROM `d.t` AS t``, one name with a dot in it, wherever
 * the parser sees a table's path.
 */
import type { Analyzer, Message } from "./analyzer.ts";
import { type Edit, rewrite } from "./rewrite.ts";

/** The name at the root for a table's path. A path of one part is at the root already. */
export const flatName = (path: string[]): string => path.join(".");

/**
 * A query with the tables it names at the root of the catalog.
 *
 * @param sql A query, or a statement with a query in it (`CREATE TABLE … AS SELECT …`), whose query
 *   is then what comes back.
 * @param paths The tables' paths; others (`t.items`, the array of a table) stay as they are.
 */
export async function flatQuery(
  sql: string,
  paths: string[][],
  analyzer: Analyzer,
): Promise<string> {
  const options = await analyzer.language();
  const { parsedStatement } = await analyzer.ask("parse", { sqlStatement: sql, options });
  const characters = characterOffsets(sql);
  const known = new Set(paths.filter(({ length }) => length > 1).map(keyOf));
  const edits: Edit[] = [];
  let whole: [number, number] | undefined;
  visit(parsedStatement, (name, node) => {
    if (name === "query") whole ??= placeOf(node);
    else if (name === "astTablePathExpressionNode") {
      const edit = pathEdit(node, known, characters);
      if (edit !== undefined) edits.push(edit);
    }
  });
  const [start, end] = whole ?? [0, Infinity];
  const outside = [
    { start: 0, end: characters(start), text: "" },
    { start: characters(end), end: sql.length, text: "" },
  ];
  return rewrite(sql, [...edits, ...outside]).sql;
}

const keyOf = (path: string[]) => path.join("\0").toLowerCase();

function pathEdit(
  node: Message,
  known: Set<string>,
  characters: (bytes: number) => number,
): Edit | undefined {
  const path = node.pathExpr as Message | null | undefined;
  if (!path) return undefined;
  const parts = (path.names as { idString: string }[]).map(({ idString }) => idString);
  if (!known.has(keyOf(parts))) return undefined;
  const place = placeOf(path);
  if (place === undefined) return undefined;
  const alias = !node.alias ? ` AS \`${parts[parts.length - 1]}\`` : "";
  return {
    start: characters(place[0]),
    end: characters(place[1]),
    text: `\`${flatName(parts)}\`${alias}`,
  };
}

/** The parser counts bytes of UTF-8. */
function characterOffsets(sql: string): (bytes: number) => number {
  const bytes = new TextEncoder().encode(sql);
  const decoder = new TextDecoder();
  return (count) =>
    count >= bytes.length ? sql.length : decoder.decode(bytes.subarray(0, count)).length;
}

/** A node's place is in the innermost of the base classes around it. */
function placeOf(node: Message): [number, number] | undefined {
  for (let at: Message | null | undefined = node; at; at = at.parent as Message | null) {
    const range = at.parseLocationRange as { start: number; end: number } | null | undefined;
    if (range) return [range.start, range.end];
  }
  return undefined;
}

/** Calls `see` with every message inside `value` and the field it is in, the outer ones first. */
function visit(value: unknown, see: (field: string, node: Message) => void, field = ""): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see, field);
  } else if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    see(field, value as Message);
    for (const [name, inner] of Object.entries(value)) visit(inner, see, name);
  }
}
