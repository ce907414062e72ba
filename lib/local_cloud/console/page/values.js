// @ts-check
/**
 * Rows of BigQuery's REST API as plain values.
 *
 * @module
 */

/** @import { Cell, Field, Row, Value, Values } from "../resources.ts" */

/**
 * The values of a row by the names of its columns. Numbers stay the text that the API wrote: an
 * INT64 does not fit a number.
 *
 * @param {Field[]} fields
 * @param {Row} row
 * @returns {Values}
 */
export function rowValues(fields, row) {
  return Object.fromEntries(fields.map((field, at) => [field.name, valueOf(field, row.f[at].v)]));
}

/**
 * @param {Field} field
 * @param {Cell} cell
 * @returns {Value}
 */
function valueOf(field, cell) {
  if (cell === null || typeof cell === "string") return cell;
  if (Array.isArray(cell)) {
    return cell.map(({ v }) => valueOf({ ...field, mode: "NULLABLE" }, v));
  }
  return rowValues(field.fields ?? [], cell);
}

/** BigQuery's names of types that are read best right-aligned. */
const NUMBERS = new Set(["INTEGER", "INT64", "FLOAT", "FLOAT64", "NUMERIC", "BIGNUMERIC"]);

/**
 * Whether a column holds one number a row.
 *
 * @param {Field} field
 */
export function isNumber({ type, mode }) {
  return NUMBERS.has(type) && mode !== "REPEATED";
}

/**
 * A column's type as GoogleSQL writes it: `ARRAY<STRUCT<name STRING>>`.
 *
 * @param {Field} field
 * @returns {string}
 */
export function typeText({ type, mode, fields = [] }) {
  const plain = { INTEGER: "INT64", FLOAT: "FLOAT64", BOOLEAN: "BOOL" }[type] ?? type;
  const inside = fields.map((field) => `${field.name} ${typeText(field)}`).join(", ");
  const single = type === "RECORD" || type === "STRUCT" ? `STRUCT<${inside}>` : plain;
  return mode === "REPEATED" ? `ARRAY<${single}>` : single;
}
