// @ts-check
/// <reference lib="dom" />
/**
 * "Test your model": fill in what it takes, or pick a row that has it, and see what it answers.
 *
 * @module
 */
import { askEndpoint } from "./answer.js";
import { announce, el } from "./dom.js";
import { exchangeView } from "./exchange.js";
import { readableJson } from "./format.js";
import { askOther, otherEndpoints } from "./other_endpoints.js";
import { meansIn } from "./prediction.js";
import { draftOf, missingIn, requestText, textsOf } from "./request.js";
import { ApiError } from "./rest.js";
import { covers, rowPicker, tablesWith } from "./row_picker.js";
import { servedModel } from "./served_model.js";
import { trialForm } from "./trial_form.js";

/**
 * @import { Values } from "../resources.ts"
 * @import { Value as Input } from "../signature.ts"
 * @import { Exchange } from "./exchange.js"
 * @import { OtherEndpoint } from "./other_endpoints.js"
 * @import { ServedModel, Serving } from "./served_model.js"
 * @typedef {{url: string, name: string, serving: Serving[]}} Tried An endpoint's path and name, and
 *   what it serves, most traffic first; at least one.
 * @typedef {object} Subject What the request is filled in with.
 * @property {string} about The same as a noun, for what is answered.
 * @property {string} line Said below the fields.
 * @property {{row: Values, others: OtherEndpoint[]}} [picked] A row, and who else can be asked.
 */

/** @type {Subject} */
const TYPED = { about: "the values typed in", line: "Typed in: these are no row’s values." };
/** @type {Subject} */
const EDITED = {
  about: "the request as it was edited",
  line: "The request was edited: it is what is sent, not these fields.",
};

/** @param {Tried} tried */
export async function trialView(tried) {
  const model = await servedModel(tried.serving[0].artifactUri).catch((error) => {
    if (error instanceof ApiError) return error;
    throw error;
  });
  // without the model's files a request can still be written by hand
  return model instanceof ApiError ? unknownSignature(tried, model) : await formTrial(tried, model);
}

/**
 * @param {Tried} tried
 * @param {ServedModel} model
 */
async function formTrial(tried, { inputs, beside }) {
  const [tables, others] = await Promise.all([
    tablesWith(inputs, tried.serving[0].displayName ?? ""),
    otherEndpoints(tried.url),
  ]);
  const means = meansIn(beside);
  const trial = trialParts(tried);
  const form = trialForm(inputs, (isTyped) => {
    const texts = form.texts();
    if (isTyped) trial.setSubject(TYPED);
    trial.exchange.ask(requestText(draftOf(inputs, texts)), obstacleOf(missingIn(inputs, texts)));
  });
  const { texts } = textsOf(inputs, {}, means);
  trial.setSubject(prefilled(inputs, texts));
  form.fill(texts);
  const picker = tables.length === 0
    ? null
    : rowPicker(tables, { inputs, others }, (row, about) => {
      const { texts, notes } = textsOf(inputs, row, means);
      trial.clear();
      trial.setSubject(rowSubject({ row, about }, others));
      form.fill(texts, notes);
      trial.button.focus();
      announce(`${about} is filled in`);
    });
  return trialSection(trial, { fields: form.view, picker });
}

/** @param {string[]} missing */
function obstacleOf(missing) {
  return missing.length === 0 ? "" : `Fill in ${missing.join(", ")} first, or pick a row.`;
}

/**
 * @param {readonly Input[]} inputs
 * @param {Record<string, string>} texts The averages.
 * @returns {Subject}
 */
function prefilled(inputs, texts) {
  const missing = missingIn(inputs, texts);
  if (missing.length === inputs.length) return { about: "", line: "" };
  const what = missing.length > 0 ? "Where known, filled in" : "Filled in";
  return {
    about: "the averages of training, which are no row’s",
    line: `${what} with the averages of training: these are no row’s values.`,
  };
}

/**
 * @param {{row: Values, about: string}} picked
 * @param {OtherEndpoint[]} all
 * @returns {Subject}
 */
function rowSubject({ row, about }, all) {
  const columns = Object.keys(row).map((name) => ({ name }));
  const others = all.filter(({ inputs }) => covers(columns, inputs));
  const names = others.map(({ name }) => name).join(", ");
  const too = others.length > 0 ? ` Predict asks ${names} about it too.` : "";
  return { about, line: `Filled in with the row of ${about}.${too}`, picked: { row, others } };
}

/**
 * The parts of a trial that every model has, and what they share.
 *
 * @param {Tried} tried
 */
function trialParts({ url, name, serving }) {
  const results = { own: el("div", { class: "result" }), others: el("div", {}) };
  const button = el("button", { type: "submit", class: "main", "aria-describedby": "obstacle" });
  button.textContent = "Predict";
  const obstacle = el("p", { class: "note", id: "obstacle", role: "status" });
  const line = el("p", { class: "note subject" });
  /** @type {Subject} */
  let subject = { about: "", line: "" };
  let turns = 0;
  const setSubject = (/** @type {Subject} */ next) => {
    subject = next;
    line.textContent = next.line;
  };
  const exchange = exchangeView(`${url}:predict`, {
    onState: (said) => {
      obstacle.textContent = said;
      button.disabled = said !== "";
    },
    onEdit: () => setSubject(EDITED),
  });
  const clear = () => {
    turns++;
    exchange.answer("–");
    for (const result of Object.values(results)) result.replaceChildren();
  };
  const predict = async () => {
    const turn = ++turns;
    const [own, ...others] = await askAll({ exchange, serving }, subject);
    if (turn !== turns) return; // something else was asked or picked meanwhile
    exchange.answer(readableJson(own.text));
    results.own.replaceChildren(own.view);
    results.others.replaceChildren(...others.map(({ view }) => view));
    announce([own, ...others].map(({ said }) => said).filter((said) => said !== "").join("; "));
  };
  return { name, line, button, obstacle, results, exchange, setSubject, clear, predict };
}

/**
 * Asks this endpoint what the request holds, and others about the picked row.
 *
 * @param {{exchange: Exchange, serving: Serving[]}} own
 * @param {Subject} subject
 */
function askAll({ exchange: { url, request }, serving }, { about, picked }) {
  const { row, others } = picked ?? { row: {}, others: [] };
  return Promise.all([
    askEndpoint({ url, serving, about }, request()),
    ...others.map((other) => askOther(other, { row, about })),
  ]);
}

/**
 * @param {Tried} tried
 * @param {Error} error Why it is not known what the model takes.
 */
function unknownSignature(tried, error) {
  const trial = trialParts(tried);
  trial.exchange.ask(requestText({}), "Write into the request what the model takes.");
  return trialSection(trial, {
    fields: el("p", { role: "alert" }, error.message),
    picker: null,
  });
}

/**
 * @param {ReturnType<typeof trialParts>} trial
 * @param {{fields: Node, picker: Node | null}} content
 */
function trialSection(trial, { fields, picker }) {
  const { line, button, obstacle, results, exchange, name } = trial;
  const form = el("form", {}, fields, line, button, obstacle);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!button.disabled) trial.predict();
  });
  const card = (/** @type {string} */ title, /** @type {Node} */ content) =>
    el("section", { class: "card" }, el("h3", {}, title), content);
  return el(
    "section",
    {},
    el("h2", {}, "Test your model"),
    el(
      "div",
      { class: "trial" },
      el(
        "div",
        {},
        picker && card("Pick a row", picker),
        card("Features", form),
        card(`Prediction by ${name}`, results.own),
        results.others,
      ),
      exchange.view,
    ),
  );
}
