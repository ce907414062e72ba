// @ts-check
/**
 * What an endpoint serves: versions with their share, what they take, what is kept beside them.
 *
 * @module
 */
import { getJson, path } from "./rest.js";

/**
 * @import { DeployedModel, Endpoint, ObjectList, VertexModel } from "../resources.ts"
 * @import { Signature, Value as Input } from "../signature.ts"
 * @typedef {DeployedModel & {percent: number, artifactUri: string}} Serving
 * @typedef {{inputs: readonly Input[], beside: unknown}} ServedModel
 */

/**
 * The deployed versions, most traffic first.
 *
 * @param {Endpoint} endpoint
 * @returns {Promise<Serving[]>}
 */
export async function servingOf({ deployedModels = [], trafficSplit = {} }) {
  const serving = await Promise.all(deployedModels.map(async (deployed) => ({
    ...deployed,
    percent: trafficSplit[deployed.id] ?? 0,
    artifactUri: await artifactsOf(deployed),
  })));
  return serving.sort((a, b) => b.percent - a.percent);
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

/**
 * What a model takes, and what is kept beside it.
 *
 * @param {string} artifactUri
 * @returns {Promise<ServedModel>}
 * @throws {ApiError} If its files are gone, or are no model.
 */
export async function servedModel(artifactUri) {
  const query = new URLSearchParams({ artifacts: artifactUri });
  /** @type {[Signature, unknown]} */
  const [{ inputs }, beside] = await Promise.all([
    getJson(`/console/signature.json?${query}`),
    notesBeside(artifactUri),
  ]);
  return { inputs, beside };
}

/**
 * What the names of clusters and the means of training are kept in, beside a model's files.
 *
 * @param {string} artifactUri
 * @returns {Promise<unknown>} Nothing if the model has no such file.
 */
export async function notesBeside(artifactUri) {
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
