// @ts-check
/// <reference lib="dom" />
/**
 * Finds a row of a table that has the columns a model takes.
 *
 * @module
 */
import { datasetUrls, modelsIn, tablesIn } from "./datasets.js";
import { announce, el, listTable } from "./dom.js";
import { counted } from "./format.js";
import { getJson } from "./rest.js";
import { rowsByPrefix, runQuery } from "./statements.js";
import { isNumber } from "./values.js";
import { valueView } from "./value_view.js";

/**
 * @import { Field, Model, Table } from "../resources.ts"
 * @import { Known } from "../known.ts"
 * @import { Value as Input } from "../signature.ts"
 * @import { Values } from "../resources.ts"
 * @typedef {(row: Values, about: string) => void} OnPick `about`: what tells the row from others.
 * @typedef {{name: string, inputs: readonly Input[]}} Other Another endpoint, by what to call it.
 * @typedef {{inputs: readonly Input[], others: readonly Other[]}} Wanted
 */

/**
 * Tables in which each input has a column: first those a model of the same name may have learnt
 * from, then those with the fewest columns.
 *
 * @param {readonly Input[]} inputs
 * @param {string} modelName What the deployed model is called.
 * @returns {Promise<Table[]>}
 */
export async function tablesWith(inputs, modelName) {
  /** @type {Known} */
  const { projects } = await getJson("/console/known.json");
  const found = (await Promise.all(projects.map(datasetUrls))).flat();
  const contents = await Promise.all(found.map((url) => contentsOf(url, modelName)));
  const learnt = contents.flatMap(({ models }) => models.map(columnsLearnt));
  const mayBeLearnt = (/** @type {Table} */ table) =>
    learnt.some((columns) => covers(columnsOf(table), columns)) ? 0 : 1;
  return contents.flatMap(({ tables }) => tables)
    .filter((table) => covers(columnsOf(table), inputs))
    .sort((a, b) => mayBeLearnt(a) - mayBeLearnt(b) || columnsOf(a).length - columnsOf(b).length);
}

/**
 * @param {string} url A dataset's.
 * @param {string} modelName
 * @returns {Promise<{tables: Table[], models: Model[]}>}
 */
async function contentsOf(url, modelName) {
  const [tables, models] = await Promise.all([tablesIn(url), modelsIn(url)]);
  const named = models.filter(({ modelReference: { modelId } }) => modelId === modelName);
  const detailed = named.map(({ modelReference: { modelId } }) =>
    getJson(`${url}/models/${encodeURIComponent(modelId)}`)
  );
  return { tables, models: await Promise.all(detailed) };
}

/** @param {Model} model */
const columnsLearnt = ({ featureColumns = [], labelColumns = [] }) => [
  ...featureColumns,
  ...labelColumns,
];

/**
 * Columns that hold one plain value a row.
 *
 * @param {Table} table
 * @returns {Field[]}
 */
export function columnsOf({ schema }) {
  return (schema?.fields ?? []).filter(({ mode, type }) =>
    mode !== "REPEATED" && type !== "RECORD" && type !== "STRUCT" && type !== "JSON"
  );
}

/**
 * Whether each of the wanted names is a column's.
 *
 * @param {readonly {name: string}[]} columns
 * @param {readonly {name: string}[]} inputs At least one.
 */
export function covers(columns, inputs) {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  return inputs.length > 0 && inputs.every(({ name }) => names.has(name.toLowerCase()));
}

/**
 * The column that tells rows apart, as far as its name and type show: a text that the model does
 * not take, or one that it takes.
 *
 * @param {Field[]} columns Not empty.
 * @param {readonly Input[]} inputs
 */
export function likelyId(columns, inputs) {
  const taken = new Set(inputs.map(({ name }) => name.toLowerCase()));
  const rank = (/** @type {Field} */ { name, type }) =>
    (type === "STRING" ? 4 : 0) + (/(^|_)id$/i.test(name) ? 2 : 0) +
    (taken.has(name.toLowerCase()) ? 0 : 1);
  return columns.reduce((best, column) => rank(column) > rank(best) ? column : best).name;
}

/**
 * A search in tables whose rows can be used; a single row that is found is used at once.
 *
 * @param {Table[]} tables At least one.
 * @param {Wanted} wanted What a row must have, and what others take, which it may have.
 * @param {OnPick} onPick
 */
export function rowPicker(tables, wanted, onPick) {
  const { inputs } = wanted;
  const options = tables.map((table, at) => el("option", { value: at }, tableText(table, wanted)));
  const table = el("select", { id: "pick-table" }, options);
  const column = el("select", { id: "pick-column" });
  const prefix = el("input", { id: "pick-prefix", autocomplete: "off", spellcheck: "false" });
  const found = el("div", { class: "found" });
  const chosen = () => tables[Number(table.value)];
  const offerColumns = () => {
    const columns = columnsOf(chosen());
    column.replaceChildren(...columns.map(({ name }) => el("option", {}, name)));
    column.value = likelyId(columns, inputs);
    found.replaceChildren();
  };
  offerColumns();
  table.addEventListener("change", offerColumns);
  const form = el(
    "form",
    { class: "picker" },
    labelled("Table", table),
    labelled("Column", column),
    labelled("Begins with", prefix),
    el("button", { type: "submit" }, "Find rows"),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const search = { table: chosen(), column: column.value, prefix: prefix.value };
    found.replaceChildren(await foundRows(search, wanted, onPick).catch(errorView));
    const uses = found.querySelectorAll("button");
    if (uses.length === 1) uses[0].click();
  });
  return el("div", {}, form, found);
}

/**
 * @param {Table} table
 * @param {Wanted} wanted
 */
function tableText(table, { others }) {
  const { datasetId, tableId } = table.tableReference;
  const columns = columnsOf(table);
  const names = others.filter(({ inputs }) => covers(columns, inputs)).map(({ name }) => name);
  return `${datasetId}.${tableId}${names.length > 0 ? `, also for ${names.join(", ")}` : ""}`;
}

/**
 * @param {string} text
 * @param {HTMLElement} control
 */
function labelled(text, control) {
  return el("div", { class: "field" }, el("label", { for: control.id }, text), control);
}

/** @param {unknown} error */
function errorView(error) {
  return el("p", { role: "alert" }, error instanceof Error ? error.message : String(error));
}

/**
 * @param {{table: Table, column: string, prefix: string}} search
 * @param {Wanted} wanted
 * @param {OnPick} onPick
 */
async function foundRows({ table, column, prefix }, wanted, onPick) {
  const { projectId, datasetId, tableId } = table.tableReference;
  const columns = wantedColumns(columnsOf(table), wanted);
  const query = rowsByPrefix([projectId, datasetId, tableId], column, columns);
  const { fields, rows } = await runQuery(projectId, query, { prefix });
  if (rows.length === 0) {
    announce(NONE);
    return el("p", {}, NONE);
  }
  const several = `${counted(rows.length, "row")}: use one of them.`;
  announce(several);
  const uses = rows.map((row) => useButton(row, column, onPick));
  const view = listTable(
    "Rows found",
    fields.map((field, at) => ({ title: field.name, numeric: at > 0 && isNumber(field) })),
    rows.map((row, at) => {
      const [id, ...rest] = fields.map(({ name }) => valueView(row[name]));
      return [el("span", { class: "use" }, uses[at], el("span", {}, id)), ...rest];
    }),
  );
  return rows.length > 1 ? el("div", {}, el("p", { class: "note" }, several), view) : view;
}

const NONE = "No row begins so.";

/**
 * The columns of which something is asked, of this endpoint or another.
 *
 * @param {Field[]} columns
 * @param {Wanted} wanted
 */
function wantedColumns(columns, { inputs, others }) {
  const askable = others.filter((other) => covers(columns, other.inputs));
  const taken = new Set(
    [inputs, ...askable.map((other) => other.inputs)].flat().map(({ name }) => name.toLowerCase()),
  );
  return columns.map(({ name }) => name).filter((name) => taken.has(name.toLowerCase()));
}

/**
 * @param {Values} row
 * @param {string} column That rows are told apart by.
 * @param {OnPick} onPick
 */
function useButton(row, column, onPick) {
  const value = typeof row[column] === "string" ? row[column] : "NULL";
  const label = `Use this row: ${column} ${value}`;
  const use = el("button", { type: "button", "aria-label": label }, "Use this row");
  use.addEventListener("click", () => {
    for (const line of use.closest("tbody")?.rows ?? []) line.removeAttribute("aria-current");
    use.closest("tr")?.setAttribute("aria-current", "true");
    onPick(row, `${column} ${value}`);
  });
  return use;
}
