// @ts-check
/// <reference lib="dom" />
/**
 * The other endpoints of a region, which one picked row may be asked at too.
 *
 * @module
 */
import { askEndpoint } from "./answer.js";
import { el } from "./dom.js";
import { readableJson } from "./format.js";
import { commandView } from "./exchange.js";
import { meansIn } from "./prediction.js";
import { instanceOf, missingIn, requestText, textsOf } from "./request.js";
import { ApiError, listAll, path } from "./rest.js";
import { servedModel, servingOf } from "./served_model.js";
import { endpointLink } from "./vertex_view.js";

/**
 * @import { Endpoint, Values } from "../resources.ts"
 * @import { Value as Input } from "../signature.ts"
 * @import { Asked } from "./answer.js"
 * @import { Serving } from "./served_model.js"
 * @typedef {object} OtherEndpoint
 * @property {Endpoint} endpoint
 * @property {string} name What to call it: of two of one name, the id is added.
 * @property {readonly Input[]} inputs What the version with the most traffic takes.
 * @property {Record<string, number>} means
 * @property {Serving[]} serving
 */

/**
 * Those that serve a model whose files can be read, by name.
 *
 * @param {string} url Of the endpoint that is not wanted.
 * @returns {Promise<OtherEndpoint[]>}
 */
export async function otherEndpoints(url) {
  /** @type {Endpoint[]} */
  const all = await listAll(url.replace(/\/[^/]*$/, ""), "endpoints");
  const others = all.filter((endpoint) =>
    urlOf(endpoint) !== url && (endpoint.deployedModels ?? []).length > 0
  );
  const names = all.map(({ displayName }) => displayName);
  const found = await Promise.all(others.map(async (endpoint) => {
    const { displayName, name } = endpoint;
    const isAlone = names.filter((other) => other === displayName).length === 1;
    const id = /** @type {string} */ (name.split("/").pop());
    const title = isAlone && displayName ? displayName : `${displayName} ${id}`.trim();
    return await otherEndpoint(endpoint, title);
  }));
  return found.filter((other) => other !== undefined)
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

/** @param {Endpoint} endpoint */
function urlOf({ name }) {
  const [, project, , location, , id] = name.split("/");
  return path`/v1/projects/${project}/locations/${location}/endpoints/${id}`;
}

/**
 * @param {Endpoint} endpoint
 * @param {string} name
 * @returns {Promise<OtherEndpoint | undefined>}
 */
async function otherEndpoint(endpoint, name) {
  try {
    const serving = await servingOf(endpoint);
    const { inputs, beside } = await servedModel(serving[0].artifactUri);
    return { endpoint, name, inputs, means: meansIn(beside), serving };
  } catch (error) {
    if (error instanceof ApiError) return undefined; // its own page says what is wrong with it
    throw error;
  }
}

/**
 * Asks another endpoint about a row.
 *
 * @param {OtherEndpoint} other
 * @param {{row: Values, about: string}} subject A row with a column for each input, and its name.
 * @returns {Promise<Asked>}
 */
export async function askOther({ endpoint, name, inputs, means, serving }, { row, about }) {
  const { texts, notes } = textsOf(inputs, row, means);
  const heading = el("h3", {}, "Prediction by ", endpointLink({ ...endpoint, displayName: name }));
  const card = (/** @type {(Node | string)[]} */ ...content) =>
    el("section", { class: "card other" }, heading, ...content);
  const missing = missingIn(inputs, texts);
  if (missing.length > 0) {
    const why = `Not asked: this row has no ${missing.join(", no ")}.`;
    return { view: card(el("p", {}, why)), said: `${name}: ${why}`, text: "" };
  }
  const url = `${urlOf(endpoint)}:predict`;
  const body = requestText(instanceOf(inputs, texts));
  const { view, said, text } = await askEndpoint({ url, serving, about }, body);
  const filled = Object.entries(notes).map(([input, note]) =>
    el("p", { class: "note" }, `${input}: ${note}`)
  );
  return {
    view: card(...filled, view, wireView({ url, name }, { body, text })),
    said: said && `${name}: ${said}`,
    text,
  };
}

/**
 * @param {{url: string, name: string}} endpoint
 * @param {{body: string, text: string}} exchanged The request and the answer.
 */
function wireView({ url, name }, { body, text }) {
  const pre = (/** @type {string} */ label, /** @type {string} */ content) =>
    el("pre", { tabindex: 0, "aria-label": `${label}, ${name}` }, content);
  const answer = pre("Answer", readableJson(text));
  answer.classList.add("answer");
  return el(
    "details",
    { class: "exchange" },
    el("summary", {}, "Request, command and answer"),
    el("h4", {}, "Request"),
    pre("Request", body),
    commandView(url, body, name),
    el("h4", {}, "Answer"),
    answer,
  );
}
