// @ts-check
/// <reference lib="dom" />
/**
 * A field for each input of a model.
 *
 * @module
 */
import { breakable, el } from "./dom.js";

/** @import { Value as Input } from "../signature.ts" */

/**
 * @typedef {object} TrialForm
 * @property {HTMLElement} view
 * @property {() => Record<string, string>} texts What the fields hold now.
 * @property {(texts: Record<string, string>, notes?: Record<string, string>) => void} fill Fields
 *   without a text are emptied; notes are shown below their fields.
 */

/**
 * @param {readonly Input[]} inputs
 * @param {(isTyped: boolean) => void} onChange Called whenever a field changes; by the reader: true.
 * @returns {TrialForm}
 */
export function trialForm(inputs, onChange) {
  const fields = inputs.map(fieldOf);
  const view = el("div", { class: "fields" }, fields.map(({ row }) => row));
  view.addEventListener("input", () => {
    for (const { note } of fields) note.textContent = "";
    onChange(true);
  });
  return {
    view,
    texts: () => Object.fromEntries(fields.map(({ name, control }) => [name, control.value])),
    fill: (texts, notes = {}) => {
      for (const { name, control, note } of fields) {
        control.value = Object.hasOwn(texts, name) ? texts[name] : "";
        note.textContent = Object.hasOwn(notes, name) ? notes[name] : "";
      }
      onChange(false);
    },
  };
}

/** @param {Input} input */
function fieldOf(input) {
  const { name } = input;
  const id = `input-${name}`;
  const control = controlOf(input, id);
  const note = el("span", { class: "note", id: `${id}-note` });
  control.setAttribute("aria-describedby", note.id);
  const type = el("span", { class: "type" }, typeText(input));
  const label = el("label", { for: id }, breakable(name), " ", type);
  return { name, control, note, row: el("div", { class: "field" }, label, control, note) };
}

/**
 * @param {Input} input
 * @param {string} id
 */
function controlOf({ dtype, shape }, id) {
  if (dtype === "bool" && shape.length <= 1) {
    return el("select", { id }, ["", "true", "false"].map((text) => el("option", {}, text)));
  }
  // a number's own field would hide what does not fit, and round what has many digits
  const inputmode = dtype === "string" ? "text" : dtype.startsWith("int") ? "numeric" : "decimal";
  return el("input", { id, type: "text", inputmode, autocomplete: "off", spellcheck: "false" });
}

/** @param {Input} input */
function typeText({ dtype, shape }) {
  const each = shape.slice(1).map((size) => size < 0 ? "any" : size);
  return each.length > 0 ? `${dtype}, JSON list of ${each.join(" × ")}` : dtype;
}
