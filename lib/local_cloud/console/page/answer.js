// @ts-check
/// <reference lib="dom" />
/**
 * Asks an endpoint, and shows what it answers.
 *
 * @module
 */
import { el } from "./dom.js";
import { factsBeside } from "./prediction.js";
import { predictionView } from "./prediction_view.js";
import { ApiError, postText } from "./rest.js";
import { notesBeside } from "./served_model.js";

/**
 * @import { Serving } from "./served_model.js"
 * @typedef {{deployedModelId?: string, modelVersionId?: string, predictions?: unknown[]}} Answer
 * @typedef {{url: string, serving: Serving[], about: string}} Question `about`: what the request
 *   is filled in with.
 * @typedef {{view: Node, said: string, text: string}} Asked What is seen, the same in a sentence,
 *   and the answer as it came.
 */

/**
 * @param {Question} question
 * @param {string} body The request.
 * @returns {Promise<Asked>} Also where the API refuses, in its own words.
 */
export async function askEndpoint({ url, serving, about }, body) {
  try {
    const text = await postText(url, body);
    return { ...await answerView(JSON.parse(text), { serving, about }), text };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // an alert is read out by itself
    return { view: el("p", { role: "alert" }, error.message), said: "", text: error.body };
  }
}

/**
 * @param {Answer} answer
 * @param {{serving: Serving[], about: string}} asked
 */
async function answerView({ predictions = [], deployedModelId, modelVersionId }, asked) {
  const by = asked.serving.find(({ id }) => id === deployedModelId);
  const beside = by && await notesBeside(by.artifactUri);
  const shown = predictions.map((prediction) => predictionView(prediction, beside));
  const who = modelVersionId ? `Answered by version ${modelVersionId}` : "";
  const notes = [who, factsBeside(beside)].filter((text) => text !== "").join(" · ");
  const view = el(
    "div",
    {},
    el("p", { class: "note about" }, `For ${asked.about}`),
    shown.map(({ view }) => view),
    el("p", { class: "note" }, notes),
  );
  return { view, said: shown.map(({ said }) => said).join("; ") };
}
