/**
 * Events in a CSV file as newline-delimited JSON. BigQuery loads no nested columns from CSV, so those
 * of GA4 (`event_params`, `items`, `device` …) are written as JSON in their cells.
 */
import type { Column } from "./event_columns.ts";
import { badInput } from "./failure.ts";

/**
 * Rows of CSV (RFC 4180: comma, quotes doubled inside quotes, line breaks inside quotes) as lines of
 * JSON, by the header's names. An empty cell is left out, which loads as NULL.
 *
 * @param columns The table's columns: cells of records and repeated ones are JSON.
 * @throws {Failure} Naming the line, if a row has not as many cells as the header, or a cell is not
 * JSON where it must be.
 */
export async function* csvToJson(
  text: AsyncIterable<string>,
  columns: readonly Column[],
): AsyncGenerator<string> {
  const nested = new Set(columns.filter(isNested).map(({ name }) => name));
  let header: string[] | undefined;
  for await (const { cells, line } of readRows(text)) {
    if (!header) {
      header = cells.map((cell) => cell.trim());
      continue;
    }
    if (cells.length === 1 && cells[0] === "") continue;
    if (cells.length !== header.length) {
      throw badInput(
        `Cannot read the CSV file as each row must have ${header.length} cells like the header: ` +
          `the one ending in line ${line} has ${cells.length}`,
      );
    }
    const entries = header.map((name, i) => [name, cells[i]] as const)
      .filter(([, cell]) => cell !== "")
      .map(([name, cell]) => [name, nested.has(name) ? parseCell(cell, name, line) : cell]);
    yield `${JSON.stringify(Object.fromEntries(entries))}\n`;
  }
}

function isNested(column: Column): boolean {
  return column.mode === "REPEATED" || column.type === "RECORD";
}

function parseCell(cell: string, name: string, line: number): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    throw badInput(
      `Cannot read the CSV file as its column ${name} is nested and must be JSON: ` +
        `line ${line} has "${cell.slice(0, 40)}"`,
    );
  }
}

interface Row {
  cells: string[];
  /** The file's line in which the row ends, from 1. */
  line: number;
}

async function* readRows(text: AsyncIterable<string>): AsyncGenerator<Row> {
  let rest = "";
  let isFirst = true;
  const state = { cells: [] as string[], line: 1 };
  for await (const chunk of text) {
    rest += isFirst ? chunk.replace(/^\uFEFF/, "") : chunk;
    isFirst = false;
    rest = yield* takeRows(rest, state, false);
  }
  yield* takeRows(rest, state, true);
}

/** A cell and what ends it: a comma, a line break, or (at the end of the file) nothing. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/y;

/** Gives the rows that are complete, and returns the text that is not. */
function* takeRows(text: string, state: Row, isLast: boolean): Generator<Row, string> {
  let at = 0;
  while (at < text.length || (isLast && state.cells.length > 0)) {
    CELL.lastIndex = at;
    const match = CELL.exec(text);
    // A cell that reaches the end of what is here may go on in the next piece, as may "\r".
    if (!isLast && (!match || match[3] === "" || CELL.lastIndex === text.length)) break;
    if (!match) {
      throw badInput(`Cannot read the CSV file as its quotes do not match in line ${state.line}`);
    }
    at = CELL.lastIndex;
    state.cells.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    state.line += match[1]?.match(/\n/g)?.length ?? 0;
    if (match[3] === ",") continue;
    yield { cells: state.cells, line: state.line };
    state.cells = [];
    state.line++;
    if (at >= text.length) break;
  }
  return text.slice(at);
}
