// @ts-check
/**
 * What Vertex AI has, in tables.
 *
 * @module
 */
import { bar, breakable, el, listTable } from "./dom.js";
import { timeText } from "./format.js";
import { hrefTo } from "./routes.js";

/** @import { Endpoint, VertexModel } from "../resources.ts" */

/**
 * Endpoints, each a link, with the traffic of what they serve.
 *
 * @param {Endpoint[]} endpoints
 */
export function endpointTable(endpoints) {
  const columns = [
    { title: "Endpoint" },
    { title: "Region", fixed: true },
    { title: "Serves" },
    { title: "Changed", fixed: true },
  ];
  return listTable(
    "Endpoints",
    columns,
    endpoints.map((endpoint) => {
      const location = endpoint.name.split("/")[3];
      const changed = timeText(endpoint.updateTime);
      return [endpointLink(endpoint), location, trafficView(endpoint), changed];
    }),
  );
}

/** @param {Endpoint} endpoint */
function trafficView({ deployedModels = [], trafficSplit = {} }) {
  if (deployedModels.length === 0) return el("span", { class: "special" }, "nothing deployed");
  const rows = deployedModels.map(({ id, model, displayName, modelVersionId }) => {
    const percent = trafficSplit[id] ?? 0;
    const name = `${displayName || id}${modelVersionId ? `, version ${modelVersionId}` : ""}`;
    const link = versionLink(model, modelVersionId, name);
    return el(
      "li",
      {},
      el("span", { class: "percent" }, `${percent} %`),
      bar(percent / 100),
      link,
    );
  });
  return el("ul", { class: "traffic" }, rows);
}

/**
 * Models that can be deployed, each a link to the page of its versions.
 *
 * @param {{model: VertexModel, versions: number}[]} registered Each as its default version.
 */
export function vertexModelTable(registered) {
  const columns = [
    { title: "Model" },
    { title: "Region", fixed: true },
    { title: "Versions", numeric: true },
    { title: "Default", numeric: true },
    { title: "Files of the default version", fixed: true },
    { title: "Changed", fixed: true },
  ];
  return listTable(
    "Model registry",
    columns,
    registered.map((
      { model: { name, displayName, versionId, artifactUri = "", ...model }, ...of },
    ) => [
      versionLink(name, undefined, displayName || name),
      name.split("/")[3],
      of.versions,
      versionId,
      artifactLink(artifactUri, { short: true }),
      timeText(model.updateTime),
    ]),
  );
}

/**
 * A link to the page of a registered model, at one of its versions.
 *
 * @param {string} name `projects/P/locations/L/models/M`, with or without `@VERSION`.
 * @param {string | undefined} version Its number.
 * @param {string} text
 */
export function versionLink(name, version, text) {
  const [, project, , location, , id] = name.replace(/@.*$/, "").split("/");
  return el(
    "a",
    { href: hrefTo("registry", [project, location, id], { version }) },
    ...breakable(text),
  );
}

/**
 * A link to an endpoint.
 *
 * @param {{name: string, displayName: string}} endpoint
 */
export function endpointLink({ name, displayName }) {
  const [, project, , location, , id] = name.split("/");
  const href = hrefTo("endpoints", [project, location, id]);
  return el("a", { href }, breakable(displayName || id));
}

/**
 * A link to a folder of a bucket.
 *
 * @param {string} uri `gs://bucket/folder`
 * @param {{short?: boolean}} [options] `short`: show the folder's own name alone. Default: all.
 */
export function artifactLink(uri, { short = false } = {}) {
  const [, bucket, folder = ""] = /^gs:\/\/([^/]+)\/?(.*?)\/*$/.exec(uri) ?? [];
  if (bucket === undefined) return uri;
  const prefix = folder === "" ? "" : `${folder}/`;
  const text = short ? folder.slice(folder.lastIndexOf("/") + 1) || bucket : uri;
  return el("a", { href: hrefTo("buckets", [bucket], { prefix }), title: uri }, text);
}

/** What to do where there is no endpoint. */
export function noEndpoints() {
  return el(
    "p",
    {},
    "Nothing answers predictions online yet. To put a trained model behind an endpoint, run ",
    el("code", {}, "deno task deploy --yes"),
    ".",
  );
}
