// @ts-check
/**
 * A value of a row on the page: NULL, an empty text and an empty list each look their own way.
 *
 * @module
 */
import { el } from "./dom.js";

/** @import { Value, Values } from "../resources.ts" */

/** A longer text is cut; the whole is in the table's data. */
const LONGEST = 300;

/**
 * @param {Value} value
 * @returns {Node}
 */
export function valueView(value) {
  if (value === null) return special("NULL");
  if (value === "") return special("empty text");
  if (typeof value === "string") return textView(value);
  if (!Array.isArray(value)) return recordView(value);
  if (value.length === 0) return special("empty list");
  return value.every(isRecord) ? recordsView(value) : listView(value);
}

const special = (/** @type {string} */ text) => el("span", { class: "special" }, text);

/** @param {string} text */
function textView(text) {
  if (text.length <= LONGEST) return document.createTextNode(text);
  const rest = el("span", { class: "special" }, ` … ${text.length - LONGEST} more letters`);
  return el("span", {}, text.slice(0, LONGEST), rest);
}

/**
 * @param {Value} value
 * @returns {value is Values}
 */
function isRecord(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** @param {Value[]} values */
function listView(values) {
  return el("ol", { class: "values" }, values.map((value) => el("li", {}, valueView(value))));
}

/** @param {Values} record */
function recordView(record) {
  return el(
    "dl",
    { class: "record" },
    Object.entries(record).map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, valueView(value)))
    ),
  );
}

/** @param {Values[]} records */
function recordsView(records) {
  const flat = records.map(flattened);
  const names = [...new Set(flat.flatMap((record) => Object.keys(record)))];
  const head = names.map((name) => el("th", { scope: "col" }, name));
  const rows = flat.map((record) =>
    el("tr", {}, names.map((name) => el("td", {}, valueView(record[name] ?? null))))
  );
  return el(
    "table",
    { class: "inner" },
    el("thead", {}, el("tr", {}, head)),
    el("tbody", {}, rows),
  );
}

/**
 * A record with the fields of records inside of it as its own: `value.int_value`.
 *
 * @param {Values} record
 * @returns {Values}
 */
export function flattened(record) {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      isRecord(value)
        ? Object.entries(flattened(value)).map(([inner, v]) => [`${name}.${inner}`, v])
        : [[name, value]]
    ),
  );
}
