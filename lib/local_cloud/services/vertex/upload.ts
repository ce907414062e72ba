/** Uploading models: what a request asks for, and the version that comes of it. */
import { CloudError } from "../../errors.ts";
import type { ObjectStore } from "../../object_store.ts";
import { listArtifacts } from "./artifacts.ts";
import { parse, uploadRequest } from "./input.ts";
import { findModel, splitModelName, withAliases } from "./model_resource.ts";
import type { Outcome } from "./operations.ts";
import type { ModelRecord } from "./records.ts";
import type { ServedModels } from "./served_models.ts";
import type { VertexState } from "./state.ts";

/** What an upload stands on. */
export interface UploadParts {
  state: VertexState;
  objects: ObjectStore;
  served: ServedModels;
}

/** A request that is well formed. */
export type Upload = ReturnType<typeof parseUpload>;

/** @throws {CloudError} `invalid` or `required`, naming the field. */
export const parseUpload = (body: unknown) => parse(uploadRequest, body);

/**
 * The model that an upload makes or, with `parentModel`, gives a new version.
 *
 * @throws {CloudError} `notFound`: no such parent. `duplicate`: the id is taken.
 */
export function uploadName(
  state: VertexState,
  parent: string,
  { parentModel, modelId }: Upload,
): string {
  if (parentModel !== undefined) return findModel(state, splitModelName(parentModel)).name;
  const name = `${parent}/models/${modelId ?? state.nextId()}`;
  if (!state.models.has(name)) return name;
  throw new CloudError("duplicate", `The Model already exists: ${name}`);
}

/**
 * Reads the model's files once, to see that they can be served, and gives the version.
 *
 * @throws {CloudError} The files are no model that can be served here.
 */
export async function storeUpload(
  { state, objects, served }: UploadParts,
  name: string,
  { parentModel, model }: Upload,
): Promise<Outcome> {
  const { artifactUri, containerSpec: { imageUri }, versionDescription: description } = model;
  const artifacts = listArtifacts(objects, artifactUri);
  await served.read({ artifactUri, artifacts });
  const now = new Date().toISOString();
  const isNew = parentModel === undefined;
  const before = isNew ? newModel(name, model, now) : findModel(state, { model: name });
  const newest = before.newest + 1;
  const versionId = String(newest);
  const labels = isNew ? {} : model.labels ?? {};
  const own = { versionId, aliases: [], description, labels, created: now, updated: now };
  const add = [...isNew ? ["default"] : [], ...model.versionAliases ?? []];
  const version = { ...own, artifactUri, imageUri, artifacts };
  const versions = withAliases([...before.versions, version], versionId, { add });
  return {
    changes: [{ model: { ...before, updated: now, newest, versions } }],
    response: { type: "UploadModelResponse", fields: { model: name, modelVersionId: versionId } },
  };
}

function newModel(name: string, model: Upload["model"], now: string): ModelRecord {
  const { displayName, description, labels = {} } = model;
  const times = { created: now, updated: now };
  return { name, displayName, description, labels, ...times, newest: 0, versions: [] };
}
