// @ts-check
/**
 * An endpoint: what it serves, and the form to try it.
 *
 * @module
 */
import { bar, el, factList, listTable } from "./dom.js";
import { timeText } from "./format.js";
import { getJson, path } from "./rest.js";
import { trialView } from "./trial.js";
import { artifactLink } from "./vertex_view.js";

/**
 * @import { DeployedModel, Endpoint, VertexModel } from "../resources.ts"
 * @import { Page, Route } from "./routes.js"
 * @typedef {DeployedModel & {percent: number, artifactUri: string}} Serving
 */

/**
 * @param {Route} route
 * @returns {Promise<Page>}
 */
export async function endpointPage({ names: [project, location, id] }) {
  const url = path`/v1/projects/${project}/locations/${location}/endpoints/${id}`;
  /** @type {Endpoint} */
  const endpoint = await getJson(url);
  const { deployedModels = [], trafficSplit = {} } = endpoint;
  const serving = await Promise.all(deployedModels.map(async (deployed) => ({
    ...deployed,
    percent: trafficSplit[deployed.id] ?? 0,
    artifactUri: await artifactsOf(deployed),
  })));
  serving.sort((a, b) => b.percent - a.percent);
  return {
    title: endpoint.displayName || id,
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
        ? [deployedSection(serving), await trialView(url, serving)]
        : nothing()),
    ],
  };
}

/**
 * Where the files of a deployed version are.
 *
 * @param {DeployedModel} deployed
 */
async function artifactsOf({ model, modelVersionId }) {
  const [, project, , location, , id] = model.replace(/@.*$/, "").split("/");
  const version = modelVersionId ? `${id}@${modelVersionId}` : id;
  /** @type {VertexModel} */
  const { artifactUri = "" } = await getJson(
    path`/v1/projects/${project}/locations/${location}/models/${version}`,
  );
  return artifactUri;
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

/** @param {Serving[]} serving */
function deployedSection(serving) {
  const columns = [
    { title: "Model" },
    { title: "Version", numeric: true },
    { title: "Traffic" },
    { title: "Machine", fixed: true },
    { title: "Replicas" },
    { title: "Deployed", fixed: true },
    { title: "Files", fixed: true },
  ];
  const table = listTable("Deployed models", columns, serving.map(deployedRow));
  return el("section", {}, el("h2", {}, "Deployed models"), table);
}

/** @param {Serving} deployed */
function deployedRow(deployed) {
  const { id, displayName, modelVersionId, percent, dedicatedResources, createTime } = deployed;
  const { machineSpec, minReplicaCount = 0, maxReplicaCount = minReplicaCount } =
    dedicatedResources ?? {};
  const replicas = minReplicaCount === maxReplicaCount
    ? String(minReplicaCount)
    : `${minReplicaCount}–${maxReplicaCount}`;
  const traffic = el("span", { class: "share" }, bar(percent / 100), `${percent} %`);
  return [
    displayName || id,
    modelVersionId,
    traffic,
    machineSpec?.machineType,
    dedicatedResources ? replicas : "",
    timeText(createTime),
    artifactLink(deployed.artifactUri, { short: true }),
  ];
}
