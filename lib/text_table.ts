/** Tables for a terminal or a log: columns aligned, numbers to the right. Pure. */

/** A column of a table. */
export interface TextColumn {
  title: string;
  /** Default left. */
  align?: "left" | "right";
}

/** Marks a piece of text; on a terminal with colour, elsewhere not at all. */
export type Paint = (text: string) => string;

/** How a table looks. */
export interface TableStyle {
  /** Blanks before each line. Default 2. */
  indent?: number;
  /** For the line of titles. Default plain. */
  paintTitle?: Paint;
}

/**
 * Lines of a table, without blanks at their ends.
 *
 * @param rows Cells as they are to be read; shorter rows leave the last columns empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const columns = [{ title: "Stage" }, { title: "s", align: "right" }] as const;
 * assertEquals(textTable(columns, [["load", "0.9"], ["train", "12.4"]]), [
 *   "  Stage     s",
 *   "  load    0.9",
 *   "  train  12.4",
 * ]);
 * ```
 */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  { indent = 2, paintTitle = (text) => text }: TableStyle = {},
): string[] {
  const widths = columns.map(({ title }, i) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[i] ?? "")))
  );
  const line = (cells: readonly string[]) =>
    columns.map(({ align }, i) => pad(cells[i] ?? "", widths[i], align)).join("  ").trimEnd();
  const margin = " ".repeat(indent);
  return [
    margin + paintTitle(line(columns.map(({ title }) => title))),
    ...rows.map((row) => margin + line(row)),
  ];
}

function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const blanks = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "right" ? blanks + text : text + blanks;
}

/** Characters seen: colour codes take no room. */
function widthOf(text: string): number {
  // deno-lint-ignore no-control-regex -- an escape sequence begins with a control character
  return [...text.replace(/\x1b\[[0-9;]*m/g, "")].length;
}
