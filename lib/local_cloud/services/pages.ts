/** Pages: of rows in a DuckDB table, and of lists. */
import { Buffer } from "node:buffer";
import { CloudError } from "../errors.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import type { Field } from "../warehouse/types.ts";
import { numberParameter, type Query } from "./input.ts";
import { type RestRow, rowEncoder, type TimestampFormat } from "./rows.ts";

/** A page ends after this many rows or about as many bytes of JSON. */
const PAGE = { rows: 100_000, bytes: 10_000_000 };

/** Which rows of a table to answer with. */
export interface PageRequest {
  /** Number of the first row, from 0. */
  start: number;
  /** At most so many rows. */
  maxResults?: number;
}

export interface Page {
  rows: RestRow[];
  /** Where the next page begins; absent after the last. */
  pageToken?: string;
}

const tokenOf = (start: number) => Buffer.from(`page ${start}`).toString("base64url");

function startOf(token: string): number {
  const found = /^page (\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (found === null) throw new CloudError("invalid", `Invalid page token: ${token}`, "pageToken");
  return Number(found[1]);
}

/** Start and length of the page that query parameters ask for. */
export function pageRequest(query: Query): PageRequest {
  const start = query.pageToken
    ? startOf(query.pageToken)
    : numberParameter(query, "startIndex") ?? 0;
  return { start, maxResults: numberParameter(query, "maxResults") };
}

/**
 * Reads a page of rows.
 *
 * @param source.storage A DuckDB table.
 * @param source.select Its columns, those of `source.fields`. Default `*`.
 * @param source.count How many rows it has.
 */
export async function readPage(
  warehouse: Warehouse,
  source: { storage: string; fields: Field[]; select?: string; count: number },
  { start, maxResults = PAGE.rows }: PageRequest,
  format: TimestampFormat = "FLOAT64",
): Promise<Page> {
  const { storage, fields, select = "*", count } = source;
  const limit = Math.min(maxResults, PAGE.rows, Math.max(0, count - start));
  if (limit === 0 || fields.length === 0) return more([], start, count, maxResults);
  const connection = await warehouse.connect();
  try {
    const result = await connection.stream(
      `SELECT ${select} FROM ${storage} LIMIT ${limit} OFFSET ${start}`,
    );
    const encode = rowEncoder(fields, format);
    const rows: RestRow[] = [];
    let bytes = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      const encoded = encode(chunk);
      const size = sampledSize(encoded);
      if (bytes + size > PAGE.bytes) {
        pushWhatFits(rows, encoded, PAGE.bytes - bytes);
        break;
      }
      bytes += size;
      for (const row of encoded) rows.push(row);
    }
    return more(rows, start, count, maxResults);
  } finally {
    connection.disconnectSync();
  }
}

function more(rows: RestRow[], start: number, count: number, maxResults: number): Page {
  const end = start + rows.length;
  // maxResults=0 asks for no rows at all, not for an endless row of empty pages
  if (end >= count || (rows.length === 0 && maxResults > 0)) return { rows };
  return { rows, pageToken: tokenOf(end) };
}

/** Bytes of JSON, from every sixteenth row: exact would cost as much as writing the answer. */
function sampledSize(rows: RestRow[]): number {
  let size = 0;
  for (let i = 0; i < rows.length; i += 16) size += JSON.stringify(rows[i]).length;
  return size * Math.min(16, rows.length);
}

/** At least one row of a page, however large: a page without rows would never end. */
function pushWhatFits(page: RestRow[], rows: RestRow[], bytes: number): void {
  for (const row of rows) {
    bytes -= JSON.stringify(row).length;
    if (bytes < 0 && page.length > 0) return;
    page.push(row);
  }
}

/** A page of a list and the token of the next. Default 1000 entries. */
export function listPage<T>(entries: T[], query: Query): { entries: T[]; nextPageToken?: string } {
  const { start, maxResults } = pageRequest(query);
  const end = start + Math.max(1, Math.min(maxResults ?? 1000, 10_000));
  const page = entries.slice(start, end);
  return end < entries.length ? { entries: page, nextPageToken: tokenOf(end) } : { entries: page };
}
