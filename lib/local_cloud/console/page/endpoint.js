// @ts-check
/**
 * An endpoint: what it serves, and the form to try it.
 *
 * @module
 */
import { bar, el, factList, listTable } from "./dom.js";
import { timeText } from "./format.js";
import { factsBeside } from "./prediction.js";
import { getJson, path } from "./rest.js";
import { notesBeside, servingOf } from "./served_model.js";
import { trialView } from "./trial.js";
import { artifactLink, versionLink } from "./vertex_view.js";

/**
 * @import { Endpoint } from "../resources.ts"
 * @import { Page, Route } from "./routes.js"
 * @import { Serving } from "./served_model.js"
 */

/**
 * @param {Route} route
 * @returns {Promise<Page>}
 */
export async function endpointPage({ names: [project, location, id] }) {
  const url = path`/v1/projects/${project}/locations/${location}/endpoints/${id}`;
  /** @type {Endpoint} */
  const endpoint = await getJson(url);
  const serving = await servingOf(endpoint);
  const facts = await Promise.all(
    serving.map(async ({ artifactUri }) => factsBeside(await notesBeside(artifactUri))),
  );
  const name = endpoint.displayName || id;
  return {
    title: name,
    kind: "Endpoint",
    trail: [`${project}`, location],
    content: [
      factList([
        ["Id", id],
        ["Project", project],
        ["Region", location],
        ["Created", timeText(endpoint.createTime)],
        ["Changed", timeText(endpoint.updateTime)],
      ]),
      ...(serving.length > 0
        ? [deployedSection(serving, facts), await trialView({ url, name, serving })]
        : nothing()),
    ],
  };
}

function nothing() {
  return [el(
    "p",
    {},
    "Nothing is deployed here. To put a trained model behind it, run ",
    el("code", {}, "deno task deploy --yes"),
    ".",
  )];
}

/**
 * @param {Serving[]} serving
 * @param {string[]} facts What is said beside each.
 */
function deployedSection(serving, facts) {
  const columns = [
    { title: "Model" },
    { title: "Version" },
    { title: "Traffic" },
    { title: "Machine", fixed: true },
    { title: "Replicas" },
    { title: "Deployed", fixed: true },
    { title: "Files", fixed: true },
  ];
  const rows = serving.map((deployed, at) => deployedRow(deployed, facts[at]));
  const table = listTable("Deployed models", columns, rows);
  return el("section", {}, el("h2", {}, "Deployed models"), table);
}

/**
 * @param {Serving} deployed
 * @param {string} facts
 */
function deployedRow(deployed, facts) {
  const { id, displayName, modelVersionId, percent, dedicatedResources, createTime } = deployed;
  const { machineSpec, minReplicaCount = 0, maxReplicaCount = minReplicaCount } =
    dedicatedResources ?? {};
  const replicas = minReplicaCount === maxReplicaCount
    ? String(minReplicaCount)
    : `${minReplicaCount}–${maxReplicaCount}`;
  const version = versionLink(deployed.model, modelVersionId, `Version ${modelVersionId ?? "?"}`);
  return [
    displayName || id,
    el("div", { class: "fixed" }, version, facts && el("div", { class: "note" }, facts)),
    el("span", { class: "share" }, bar(percent / 100), `${percent} %`),
    machineSpec?.machineType,
    dedicatedResources ? replicas : "",
    timeText(createTime),
    artifactLink(deployed.artifactUri, { short: true }),
  ];
}
