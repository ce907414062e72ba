/** Rows as a table: HTML for notebooks, aligned text for everything else. */

import { escapeHtml } from "../escape_html.ts";
import { textTable } from "../text_table.ts";
import { type Displayed, displayed } from "./displayed.ts";
import { checkFields } from "./fields.ts";
import { decimal, digitsFor, duration } from "./numbers.ts";

/** How a column is shown. */
export interface Column {
  /** Default the field's name with blanks for underscores. */
  title?: string;
  /** Written in brackets behind the title. */
  unit?: string;
  /** Decimals. Default as many as the largest number asks for. */
  digits?: number;
  /**
   * What its values are; default by the values. A `percent` is a share, 0 … 1; `seconds_of_msec`
   * are milliseconds, shown as seconds, minutes or hours; a `list` is an array.
   */
  as?: "text" | "number" | "percent" | "dollars" | "seconds_of_msec" | "list";
}

/** How a table is shown. */
export interface TableOptions {
  /** Its caption. */
  title?: string;
  /** A remark below. */
  note?: string;
  /** Only these fields, in this order. Default all. */
  columns?: Record<string, Column>;
  /** Rows shown at most. Default 20. */
  rows?: number;
}

/** A table's cells as they are to be read. */
interface Cells {
  titles: string[];
  /** Whether a column holds numbers. */
  numeric: boolean[];
  lines: string[][];
  /** Rows left out. */
  more: number;
}

const NOTHING = "–";

/**
 * A table of the rows.
 *
 * @throws {TypeError} If a column is in no row.
 * @throws {RangeError} If there are no rows.
 */
export function table(rows: readonly object[], options: TableOptions = {}): Displayed {
  if (rows.length === 0) {
    throw new RangeError("Cannot show a table as there are no rows: check what the query returned");
  }
  const cells = cellsOf(rows, options);
  return displayed({ "text/html": html(cells, options), "text/plain": text(cells, options) });
}

function cellsOf(rows: readonly object[], { columns, rows: most = 20 }: TableOptions): Cells {
  const maps = rows.map((row) => new Map<string, unknown>(Object.entries(row)));
  const names = columns
    ? Object.keys(columns)
    : [...new Set(maps.flatMap((row) => [...row.keys()]))];
  checkFields(rows, names);
  const shown = maps.slice(0, most);
  const formats = names.map((name) =>
    formatOf(shown.map((row) => plain(row.get(name))), columns?.[name] ?? {})
  );
  return {
    titles: names.map((name) => titleOf(name, columns?.[name] ?? {})),
    numeric: formats.map(({ numeric }) => numeric),
    lines: shown.map((row) => names.map((name, i) => formats[i].write(plain(row.get(name))))),
    more: rows.length - shown.length,
  };
}

function titleOf(name: string, { title, unit }: Column): string {
  const words = title ?? name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
  return unit ? `${words} (${unit})` : words;
}

/** Google's client wraps dates and timestamps in objects. */
function plain(cell: unknown): unknown {
  if (typeof cell === "bigint") return Number(cell);
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? null : cell.toISOString();
  if (typeof cell === "object" && cell !== null && "value" in cell) return plain(cell.value);
  return typeof cell === "number" && !Number.isFinite(cell) ? null : cell;
}

interface Format {
  numeric: boolean;
  write: (cell: unknown) => string;
}

function formatOf(cells: readonly unknown[], { as, digits }: Column): Format {
  const numbers = cells.filter((cell) => typeof cell === "number");
  const kind = as ??
    (numbers.length > 0 &&
        cells.every((cell) => cell === null || cell === undefined || Number.isFinite(cell))
      ? "number"
      : "text");
  const numeric = kind !== "text" && kind !== "list";
  const write = (cell: unknown): string => {
    if (cell === null || cell === undefined) return NOTHING;
    if (typeof cell !== "number" || !numeric) return words(cell);
    return number(cell, kind, digits ?? defaultDigits(kind, numbers));
  };
  return { numeric, write };
}

function defaultDigits(kind: Column["as"], numbers: readonly number[]): number {
  if (kind === "percent") return 1;
  return kind === "dollars" ? 2 : digitsFor(numbers);
}

function number(value: number, kind: Column["as"], digits: number): string {
  if (kind === "seconds_of_msec") return duration(value);
  const written = decimal(kind === "percent" ? 100 * value : value, digits).replace("-", "−");
  if (kind === "percent") return `${written}%`;
  return kind === "dollars" ? written.replace(/[\d]/, "$$$&") : written;
}

function words(cell: unknown): string {
  if (Array.isArray(cell)) return cell.map((item) => words(plain(item) ?? NOTHING)).join(", ");
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

function text({ titles, numeric, lines, more }: Cells, { title, note }: TableOptions): string {
  const columns = titles.map((name, i) => ({
    title: name,
    align: numeric[i] ? "right" as const : "left" as const,
  }));
  return [
    ...(title ? [title, ""] : []),
    ...textTable(columns, lines, { indent: 0 }),
    ...(more ? [moreLine(more)] : []),
    ...(note ? ["", note] : []),
  ].join("\n");
}

function moreLine(more: number): string {
  return `… and ${decimal(more, 0)} more`;
}

/** GitHub strips styles but keeps `align`; elsewhere the style beats the front end's own alignment. */
function html(cells: Cells, { title, note }: TableOptions): string {
  const { titles, numeric, lines, more } = cells;
  const attributes = (i: number) =>
    numeric[i]
      ? ` align="right" style="text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"`
      : ` align="left" style="text-align:left"`;
  const head = titles.map((name, i) => `<th scope="col"${attributes(i)}>${escapeHtml(name)}</th>`);
  const body = lines.map((line) =>
    `<tr>${line.map((cell, i) => `<td${attributes(i)}>${escapeHtml(cell)}</td>`).join("")}</tr>`
  );
  const below = [more ? moreLine(more) : "", note ?? ""].filter((part) => part);
  return [
    `<div style="overflow-x:auto">`,
    "<table>",
    ...(title ? [`<caption style="text-align:left"><b>${escapeHtml(title)}</b></caption>`] : []),
    `<thead><tr>${head.join("")}</tr></thead>`,
    `<tbody>`,
    ...body,
    "</tbody>",
    "</table>",
    ...below.map((part) => `<p><small>${escapeHtml(part)}</small></p>`),
    "</div>",
  ].join("\n");
}
