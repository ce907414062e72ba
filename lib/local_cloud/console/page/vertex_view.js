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
      const [, project, , location, , id] = endpoint.name.split("/");
      const href = hrefTo("endpoints", [project, location, id]);
      const link = el("a", { href }, breakable(endpoint.displayName || id));
      return [link, location, trafficView(endpoint), timeText(endpoint.updateTime)];
    }),
  );
}

/** @param {Endpoint} endpoint */
function trafficView({ deployedModels = [], trafficSplit = {} }) {
  if (deployedModels.length === 0) return el("span", { class: "special" }, "nothing deployed");
  const rows = deployedModels.map(({ id, displayName, modelVersionId }) => {
    const percent = trafficSplit[id] ?? 0;
    const name = `${displayName || id}${modelVersionId ? `, version ${modelVersionId}` : ""}`;
    return el(
      "li",
      {},
      el("span", { class: "percent" }, `${percent} %`),
      bar(percent / 100),
      ` ${name}`,
    );
  });
  return el("ul", { class: "traffic" }, rows);
}

/**
 * Models that can be deployed, with the folder of their files.
 *
 * @param {VertexModel[]} models
 */
export function vertexModelTable(models) {
  const columns = [{ title: "Model" }, { title: "Version" }, { title: "Files", fixed: true }, {
    title: "Changed",
    fixed: true,
  }];
  return listTable(
    "Model registry",
    columns,
    models.map(({ name, displayName, versionId, artifactUri = "", updateTime }) => [
      displayName || name,
      versionId,
      artifactLink(artifactUri),
      timeText(updateTime),
    ]),
  );
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
