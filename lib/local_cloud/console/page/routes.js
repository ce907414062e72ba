// @ts-check
/**
 * What the part of the address after `#` stands for.
 *
 * @module
 */

/**
 * @typedef {"overview" | "tables" | "models" | "buckets" | "endpoints" | "registry"} PageName
 * @typedef {{page: PageName, names: string[], query: URLSearchParams}} Route
 * @typedef {object} Page What a page shows.
 * @property {string} title Its heading.
 * @property {string} [kind] What it is: `Table`.
 * @property {(Node | string)[]} [trail] What it is in, outermost first.
 * @property {Node | (Node | null)[]} content
 */

/** How many names each page needs: a table has project, dataset and table. */
const NAMES = { overview: 0, tables: 3, models: 3, buckets: 1, endpoints: 3, registry: 3 };

/**
 * The address of a page.
 *
 * @param {PageName} page
 * @param {string[]} [names]
 * @param {Record<string, string | number | undefined>} [query] What is undefined is left out.
 */
export function hrefTo(page, names = [], query = {}) {
  const path = page === "overview" ? [] : [page, ...names.map(encodeURIComponent)];
  const known = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(known.map(([name, value]) => [name, String(value)]));
  return `#/${path.join("/")}${known.length > 0 ? `?${search}` : ""}`;
}

/**
 * Reads an address.
 *
 * @param {string} hash With its `#`; an empty one is the overview.
 * @returns {Route | undefined} Nothing for an address of no page.
 */
export function parseRoute(hash) {
  const [path, search = ""] = hash.replace(/^#?\/?/, "").split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const [page, ...rest] = path === "" ? ["overview"] : path.split("/");
  if (!Object.hasOwn(NAMES, page)) return undefined;
  const known = /** @type {PageName} */ (page);
  if (rest.length !== NAMES[known]) return undefined;
  try {
    return { page: known, names: rest.map(decodeURIComponent), query };
  } catch {
    return undefined; // a % that begins no code
  }
}
