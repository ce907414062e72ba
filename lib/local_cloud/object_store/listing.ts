/** One page of a bucket's listing. */
import { CloudError } from "../errors.ts";

/** What to list. */
export interface ListOptions {
  /** Only names that begin with this. */
  prefix?: string;
  /** Names that hold this after the prefix are reported once, cut after it: "folders". */
  delimiter?: string;
  /** `nextPageToken` of the page before. */
  pageToken?: string;
  /** Objects and prefixes together, 1–1000; 1000 by default. */
  maxResults?: number;
  /** Only names from this on, in the order of the listing. */
  startOffset?: string;
  /** Only names before this. */
  endOffset?: string;
}

/** Names and prefixes in order, and where to go on. */
export interface Listing {
  names: string[];
  prefixes: string[];
  /** Absent on the last page. */
  nextPageToken?: string;
}

const PAGE = 1000;

/**
 * Cuts one page out of all names. The token is the last entry given out, so that a page stays right
 * when objects come and go between two calls.
 *
 * @param names All names of the bucket, sorted.
 * @throws {CloudError} `invalid`: `maxResults` or the token makes no sense.
 */
export function listPage(names: readonly string[], options: ListOptions = {}): Listing {
  const { prefix = "", delimiter = "", maxResults = PAGE, startOffset = "", endOffset } = options;
  if (!(maxResults >= 1)) {
    throw new CloudError("invalid", `Invalid maxResults: ${maxResults}`, "maxResults");
  }
  const after = options.pageToken ? decodeToken(options.pageToken) : "";
  const room = Math.min(maxResults, PAGE);
  const page: Listing = { names: [], prefixes: [] };
  let last = after;
  for (const name of names) {
    if (!name.startsWith(prefix) || name < startOffset) continue;
    if (endOffset !== undefined && name >= endOffset) break;
    const folder = folderOf(name, prefix, delimiter);
    const entry = folder ?? name;
    if (entry <= last) continue;
    if (page.names.length + page.prefixes.length === room) {
      return { ...page, nextPageToken: encodeToken(last) };
    }
    (folder === undefined ? page.names : page.prefixes).push(entry);
    last = entry;
  }
  return page;
}

function folderOf(name: string, prefix: string, delimiter: string): string | undefined {
  const cut = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
  return cut < 0 ? undefined : name.slice(0, cut + delimiter.length);
}

const encodeToken = (last: string) => btoa(encodeURIComponent(last));

function decodeToken(token: string): string {
  try {
    return decodeURIComponent(atob(token));
  } catch {
    throw new CloudError("invalid", `Invalid page token: ${token}`, "pageToken");
  }
}
