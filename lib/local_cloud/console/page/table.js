// @ts-check
/**
 * A table: its schema and a look at its rows.
 *
 * @module
 */
import { el, factList, listTable, scrollBox } from "./dom.js";
import { countText, sizeText, timeText } from "./format.js";
import { getJson, path } from "./rest.js";
import { hrefTo } from "./routes.js";
import { isNumber, rowValues, typeText } from "./values.js";
import { valueView } from "./value_view.js";

/**
 * @import { Field, Table, TableData } from "../resources.ts"
 * @import { Page, Route } from "./routes.js"
 */

const PAGE = 50;

/**
 * @param {Route} route
 * @returns {Promise<Page>}
 */
export async function tablePage({ names, query }) {
  const [project, dataset, name] = names;
  const url = path`/bigquery/v2/projects/${project}/datasets/${dataset}/tables/${name}`;
  const start = Math.max(0, Math.floor(Number(query.get("start")) || 0));
  /** @type {Table} */
  const table = await getJson(url);
  const fields = table.schema?.fields ?? [];
  const rows = table.type === "VIEW"
    ? viewQuery(table)
    : rowsView(fields, await pageOfRows(url, start), { start, names });
  return {
    title: name,
    kind: "Table",
    trail: [`${project}.${dataset}`],
    content: [tableFacts(table), rows, schemaView(fields)],
  };
}

/**
 * @param {string} url
 * @param {number} start
 * @returns {Promise<TableData>}
 */
function pageOfRows(url, start) {
  const query = new URLSearchParams({
    startIndex: String(start),
    maxResults: String(PAGE),
    "formatOptions.timestampOutputFormat": "ISO8601_STRING",
  });
  return getJson(`${url}/data?${query}`);
}

/** @param {Table} table */
function tableFacts(table) {
  return factList([
    ["Rows", countText(table.numRows)],
    ["Size", sizeText(table.numBytes)],
    ["Columns", table.schema?.fields?.length ?? 0],
    ["Location", table.location],
    ["Changed", timeText(table.lastModifiedTime)],
    ["Description", table.description],
  ]);
}

/** @param {Table} table */
function viewQuery({ view }) {
  return el(
    "section",
    {},
    el("h2", {}, "Query"),
    el("p", {}, "A view: its rows are computed when it is queried."),
    el("pre", {}, view?.query ?? ""),
  );
}

/**
 * @param {Field[]} fields
 * @param {TableData} data
 * @param {{start: number, names: string[]}} where
 */
function rowsView(fields, data, { start, names }) {
  const total = Number(data.totalRows);
  const rows = data.rows ?? [];
  const heading = el("h2", {}, "Rows");
  if (rows.length === 0) {
    const why = total === 0 ? "The table has no rows." : `The table has no row ${start + 1}.`;
    return el("section", {}, heading, el("p", {}, why));
  }
  const end = start + rows.length;
  const shown = `${countText(start + 1)}–${countText(end)} of ${countText(total)}`;
  const pager = pagerView({ start, end, total, names, shown });
  return el("section", {}, heading, pager, rowTable(fields, rows, start));
}

/**
 * @param {Field[]} fields
 * @param {import("../resources.ts").Row[]} rows
 * @param {number} start
 */
function rowTable(fields, rows, start) {
  const side = (/** @type {Field} */ field) => isNumber(field) ? "number" : undefined;
  const head = fields.map((field) => el("th", { scope: "col", class: side(field) }, field.name));
  const body = rows.map((row, at) => {
    const values = rowValues(fields, row);
    return el(
      "tr",
      {},
      el("th", { scope: "row", class: "number" }, countText(start + at + 1)),
      fields.map((field) => el("td", { class: side(field) }, valueView(values[field.name]))),
    );
  });
  const number = el("th", { scope: "col", class: "number" }, "Row");
  const table = el(
    "table",
    { class: "rows" },
    el("thead", {}, el("tr", {}, number, head)),
    el("tbody", {}, body),
  );
  const box = scrollBox("Rows of the table", table);
  box.classList.add("tall");
  return box;
}

/** @param {{start: number, end: number, total: number, names: string[], shown: string}} page */
function pagerView({ start, end, total, names, shown }) {
  const link = (/** @type {string} */ text, /** @type {number} */ to) =>
    el("a", { href: hrefTo("tables", names, { start: to || undefined }) }, text);
  return el(
    "nav",
    { class: "pager", "aria-label": "Pages of rows" },
    el("span", {}, shown),
    start > 0 ? link("First", 0) : null,
    start > 0 ? link("Previous", Math.max(0, start - PAGE)) : null,
    end < total ? link("Next", end) : null,
    end < total ? link("Last", Math.floor((total - 1) / PAGE) * PAGE) : null,
  );
}

/** @param {Field[]} fields */
function schemaView(fields) {
  const columns = flattened(fields, "");
  const isDescribed = columns.some(({ description }) => description !== "");
  const titles = [{ title: "Column" }, { title: "Type" }, { title: "Mode" }];
  if (isDescribed) titles.push({ title: "Description" });
  const rows = columns.map(({ name, type, mode, description }) => {
    const known = [name, el("code", {}, type), mode];
    return isDescribed ? [...known, description] : known;
  });
  return el("section", {}, el("h2", {}, "Schema"), listTable("Schema", titles, rows));
}

/**
 * Columns and the fields inside of them, each with its path.
 *
 * @param {Field[]} fields
 * @param {string} before
 * @returns {{name: string, type: string, mode: string, description: string}[]}
 */
function flattened(fields, before) {
  return fields.flatMap((field) => {
    const { name, mode = "NULLABLE", description = "", fields: inner } = field;
    const type = inner ? "STRUCT" : typeText({ ...field, mode: "NULLABLE" });
    const own = { name: before + name, type, mode: mode.toLowerCase(), description };
    return [own, ...flattened(inner ?? [], `${before}${name}.`)];
  });
}
