/**
 * Small changes to a statement's text ahead of its analysis, with the way back: messages speak of
 * the text as it was written.
 */

/** Characters `start` to `end` give way to `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

export interface Rewritten {
  sql: string;
  /** Puts a message's last ` at [line:column]` back to where it is in the original text. */
  restore(message: string): string;
  /** The original text's offset of an offset in the rewritten one. */
  original(offset: number): number;
}

const lineStarts = (
  text: string,
) => [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];

/** `3:14` of a text's offset; both count from 1. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return `${line}:${offset - before.lastIndexOf("\n")}`;
}

/**
 * Applies edits that do not overlap.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { sql, restore } = rewrite("SELECT abc + x", [{ start: 7, end: 10, text: "a" }]);
 * assertEquals(sql, "SELECT a + x");
 * assertEquals(restore("No x at [1:12]"), "No x at [1:14]");
 * ```
 */
export function rewrite(text: string, edits: Edit[]): Rewritten {
  const ordered = [...edits].sort((a, b) => a.start - b.start);
  let sql = "";
  let from = 0;
  /** Where each edit begins and ends in the new text. */
  const marks: { start: number; end: number; edit: Edit }[] = [];
  for (const edit of ordered) {
    sql += text.slice(from, edit.start);
    marks.push({ start: sql.length, end: sql.length + edit.text.length, edit });
    sql += edit.text;
    from = edit.end;
  }
  sql += text.slice(from);

  const original = (offset: number): number => {
    const mark = marks.findLast(({ start }) => start <= offset);
    if (mark === undefined) return offset;
    return offset < mark.end ? mark.edit.start : offset - mark.end + mark.edit.end;
  };
  const starts = lineStarts(sql);
  const restore = (message: string) =>
    message.replace(/ at \[(\d+):(\d+)\]$/, (_, line, column) => {
      const offset = original((starts[Number(line) - 1] ?? 0) + Number(column) - 1);
      return ` at [${lineAndColumn(text, offset)}]`;
    });
  return { sql, restore, original };
}
