// @ts-check
/// <reference lib="dom" />
/**
 * "Test your model": fill in what it takes, or pick a row that has it, and see what it answers.
 *
 * @module
 */
import { announce, el } from "./dom.js";
import { exchangeView } from "./exchange.js";
import { readableJson } from "./format.js";
import { meansIn } from "./prediction.js";
import { predictionView } from "./prediction_view.js";
import { instanceOf, requestText, textsOf } from "./request.js";
import { ApiError, getJson, path, postText } from "./rest.js";
import { rowPicker, tablesWith } from "./row_picker.js";
import { trialForm } from "./trial_form.js";

/**
 * @import { ObjectList } from "../resources.ts"
 * @import { Serving } from "./endpoint.js"
 * @import { Signature } from "../signature.ts"
 * @import { Exchange } from "./exchange.js"
 * @typedef {{deployedModelId?: string, modelVersionId?: string, predictions?: unknown[]}} Answer
 */

/**
 * @param {string} endpoint Its path.
 * @param {Serving[]} serving What it serves, most traffic first; at least one.
 */
export async function trialView(endpoint, serving) {
  const [main] = serving;
  const found = await inputsOf(main.artifactUri).catch((error) => {
    if (error instanceof ApiError) return { error };
    throw error;
  });
  // without the model's files a request can still be written by hand
  if ("error" in found) return unknownSignature(`${endpoint}:predict`, found.error, serving);
  const { inputs, beside } = found;
  const tables = await tablesWith(inputs, main.displayName ?? "");
  const exchange = exchangeView(`${endpoint}:predict`);
  const means = meansIn(beside);
  const form = trialForm(inputs, () => exchange.ask(requestText(instanceOf(inputs, form.texts()))));
  form.fill(Object.fromEntries(inputs.map(({ name }) => [name, String(means[name] ?? "")])));
  const { predict, result } = predictForm(form.view, exchange, serving);
  const picker = tables.length === 0 ? null : rowPicker(tables, inputs, (row) => {
    const { texts, notes } = textsOf(inputs, row, means);
    form.fill(texts, notes);
    predict.querySelector("button")?.focus();
    announce("The row is filled in");
  });
  return trialSection({ predict, picker, result, exchange: exchange.view });
}

/**
 * A form that asks what the exchange holds and shows the answer.
 *
 * @param {Node} fields
 * @param {Exchange} exchange
 * @param {Serving[]} serving
 */
function predictForm(fields, exchange, serving) {
  const result = el("div", { class: "result" });
  const predict = el("form", {}, fields, predictButton());
  predict.addEventListener("submit", async (event) => {
    event.preventDefault();
    result.replaceChildren(await predictionOf(exchange, serving));
  });
  return { predict, result };
}

/**
 * @param {string} url
 * @param {Error} error Why it is not known what the model takes.
 * @param {Serving[]} serving
 */
function unknownSignature(url, error, serving) {
  const exchange = exchangeView(url);
  exchange.ask(requestText({}));
  const why = el("p", { role: "alert" }, error.message);
  const { predict, result } = predictForm(why, exchange, serving);
  return trialSection({ predict, picker: null, result, exchange: exchange.view });
}

/**
 * What a model takes, and what is kept beside it.
 *
 * @param {string} artifactUri
 */
async function inputsOf(artifactUri) {
  const query = new URLSearchParams({ artifacts: artifactUri });
  /** @type {[Signature, unknown]} */
  const [{ inputs }, beside] = await Promise.all([
    getJson(`/console/signature.json?${query}`),
    segmentsOf(artifactUri),
  ]);
  return { inputs, beside };
}

const predictButton = () => el("button", { type: "submit", class: "main" }, "Predict");

/** @param {{predict: Node, picker: Node | null, result: Node, exchange: Node}} parts */
function trialSection({ predict, picker, result, exchange }) {
  const pick = picker &&
    el("section", { class: "card" }, el("h3", {}, "Pick a row"), picker);
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
        pick,
        el("section", { class: "card" }, el("h3", {}, "Features"), predict),
        el("section", { class: "card" }, el("h3", {}, "Prediction"), result),
      ),
      exchange,
    ),
  );
}

/**
 * @param {Exchange} exchange
 * @param {Serving[]} serving
 * @returns {Promise<Node>}
 */
async function predictionOf(exchange, serving) {
  try {
    const text = await postText(exchange.url, exchange.request());
    exchange.answer(readableJson(text));
    /** @type {Answer} */
    const answer = JSON.parse(text);
    const { predictions = [], deployedModelId, modelVersionId } = answer;
    const by = serving.find(({ id }) => id === deployedModelId);
    const segments = by && await segmentsOf(by.artifactUri);
    const shown = predictions.map((prediction) => predictionView(prediction, segments));
    announce(shown.map(({ said }) => said).join("; "));
    const who = modelVersionId ? `Answered by version ${modelVersionId}` : "";
    return el("div", {}, shown.map(({ view }) => view), el("p", { class: "note" }, who));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    announce("");
    exchange.answer(readableJson(error.body));
    return el("p", { role: "alert" }, error.message);
  }
}

/**
 * What the names of clusters are kept in, beside a model's files.
 *
 * @param {string} artifactUri
 * @returns {Promise<unknown>} Nothing if the model has no such file.
 */
async function segmentsOf(artifactUri) {
  const [, bucket, folder = ""] = /^gs:\/\/([^/]+)\/?(.*?)\/*$/.exec(artifactUri) ?? [];
  if (bucket === undefined) return undefined;
  const prefix = `${folder === "" ? "" : `${folder}/`}assets.extra/segments.json`;
  /** @type {ObjectList} */
  const { items = [] } = await getJson(
    `${path`/storage/v1/b/${bucket}/o`}?${new URLSearchParams({ prefix })}`,
  );
  if (!items.some(({ name }) => name === prefix)) return undefined;
  return await getJson(`${path`/download/storage/v1/b/${bucket}/o/${prefix}`}?alt=media`);
}
