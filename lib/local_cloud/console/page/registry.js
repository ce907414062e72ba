// @ts-check
/**
 * A registered model: all its versions, and where each is deployed.
 *
 * @module
 */
import { bar, el, factList, listTable } from "./dom.js";
import { counted, timeText } from "./format.js";
import { factsBeside } from "./prediction.js";
import { ApiError, getJson, listAll, path } from "./rest.js";
import { notesBeside } from "./served_model.js";
import { artifactLink, endpointLink } from "./vertex_view.js";

/**
 * @import { Endpoint, VertexModel } from "../resources.ts"
 * @import { Page, Route } from "./routes.js"
 * @typedef {VertexModel & {facts: string}} Version
 * @typedef {Map<string, Endpoint>} Endpoints By name.
 */

/**
 * @param {Route} route
 * @returns {Promise<Page>}
 */
export async function registryPage({ names: [project, location, id], query }) {
  const url = path`/v1/projects/${project}/locations/${location}/models/${id}`;
  /** @type {[VertexModel, VertexModel[]]} */
  const [model, listed] = await Promise.all([
    getJson(url),
    listAll(`${url}:listVersions`, "models"),
  ]);
  const versions = await Promise.all(listed.map(async (version) => ({
    ...version,
    facts: factsBeside(await notesBeside(version.artifactUri ?? "").catch(noNotes)),
  })));
  const endpoints = await endpointsOf(listed);
  return {
    title: model.displayName || id,
    kind: "Registered model",
    trail: [project, location],
    content: [
      factList([
        ["Id", id],
        ["Project", project],
        ["Region", location],
        ["Created", timeText(model.createTime)],
        ["Changed", timeText(model.updateTime)],
        ["Description", model.description],
      ]),
      el(
        "section",
        {},
        el("h2", {}, counted(versions.length, "version")),
        versionTable(versions, { endpoints, current: query.get("version") }),
      ),
    ],
  };
}

/** @param {unknown} error */
function noNotes(error) {
  if (error instanceof ApiError) return undefined; // a bucket that is gone
  throw error;
}

/**
 * @param {VertexModel[]} versions
 * @returns {Promise<Endpoints>}
 */
async function endpointsOf(versions) {
  const deployed = versions.flatMap(({ deployedModels = [] }) => deployedModels);
  const names = [...new Set(deployed.map(({ endpoint }) => endpoint))];
  const found = await Promise.all(names.map(async (name) => {
    const [, project, , location, , id] = name.split("/");
    /** @type {Endpoint} */
    const endpoint = await getJson(
      path`/v1/projects/${project}/locations/${location}/endpoints/${id}`,
    );
    return /** @type {[string, Endpoint]} */ ([name, endpoint]);
  }));
  return new Map(found);
}

/**
 * @param {Version[]} versions Newest first.
 * @param {{endpoints: Endpoints, current: string | null}} options `current`: the version that a link
 *   led to.
 */
function versionTable(versions, { endpoints, current }) {
  const columns = [
    { title: "Version", numeric: true },
    { title: "Aliases" },
    { title: "Deployed at, traffic" },
    { title: "Facts", fixed: true },
    { title: "Files", fixed: true },
    { title: "Created", fixed: true },
  ];
  const hasFacts = versions.some(({ facts }) => facts !== "");
  const shown = (/** @type {unknown} */ _, /** @type {number} */ at) => at !== 3 || hasFacts;
  const rows = versions.map((version) =>
    [
      version.versionId,
      (version.versionAliases ?? []).join(", "),
      deploymentsView(version, endpoints),
      version.facts,
      artifactLink(version.artifactUri ?? "", { short: true }),
      timeText(version.versionCreateTime),
    ].filter(shown)
  );
  const table = listTable("Versions, newest first", columns.filter(shown), rows);
  const at = versions.findIndex(({ versionId }) => versionId === current);
  table.querySelectorAll("tbody > tr")[at]?.setAttribute("aria-current", "true");
  return table;
}

/**
 * @param {VertexModel} version
 * @param {Endpoints} endpoints
 */
function deploymentsView({ deployedModels = [] }, endpoints) {
  if (deployedModels.length === 0) return el("span", { class: "special" }, "not deployed");
  const items = deployedModels.map(({ endpoint: name, deployedModelId }) => {
    const endpoint = endpoints.get(name);
    const percent = endpoint?.trafficSplit?.[deployedModelId] ?? 0;
    return el(
      "li",
      {},
      el("span", { class: "percent" }, `${percent} %`),
      bar(percent / 100),
      endpointLink(endpoint ?? { name, displayName: "" }),
    );
  });
  return el("ul", { class: "traffic" }, items);
}
