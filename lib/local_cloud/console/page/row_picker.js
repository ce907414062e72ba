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
 * @typedef {(row: Values) => void} OnPick
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
 * @param {Field[]} columns
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
 * @param {Table[]} tables At least one.
 * @param {readonly Input[]} inputs
 * @param {OnPick} onPick
 */
export function rowPicker(tables, inputs, onPick) {
  const names = tables.map(({ tableReference: { datasetId, tableId } }) =>
    `${datasetId}.${tableId}`
  );
  const options = names.map((name, at) => el("option", { value: at }, name));
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
    const search = { table: chosen(), column: column.value, prefix: prefix.value, inputs };
    found.replaceChildren(await foundRows(search, onPick).catch(errorView));
  });
  return el("div", {}, form, found);
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
 * @param {{table: Table, column: string, prefix: string, inputs: readonly Input[]}} search
 * @param {OnPick} onPick
 */
async function foundRows({ table, column, prefix, inputs }, onPick) {
  const { projectId, datasetId, tableId } = table.tableReference;
  const taken = new Set(inputs.map(({ name }) => name.toLowerCase()));
  const columns = columnsOf(table).map(({ name }) => name)
    .filter((name) => taken.has(name.toLowerCase()));
  const query = rowsByPrefix([projectId, datasetId, tableId], column, columns);
  const { fields, rows } = await runQuery(projectId, query, { prefix });
  announce(counted(rows.length, "row"));
  if (rows.length === 0) return el("p", {}, "No row begins so.");
  return listTable(
    "Rows found",
    fields.map((field, at) => ({ title: field.name, numeric: at > 0 && isNumber(field) })),
    rows.map((row) => {
      const [id, ...rest] = fields.map(({ name }) => valueView(row[name]));
      const use = el("button", { type: "button", title: "Use this row" }, id);
      use.addEventListener("click", () => onPick(row));
      return [use, ...rest];
    }),
  );
}
