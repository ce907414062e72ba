/** Models as REST answers with them, and finding one by its name. */
import { etagOf } from "../resource.ts";
import { invalidArgument, notThere } from "./errors.ts";
import type { Resource } from "./listing.ts";
import type { ModelRecord, VersionRecord } from "./records.ts";
import type { VertexState } from "./state.ts";

/** `projects/p/locations/l/models/m@version`, taken apart. */
export interface ModelName {
  /** Without the version. */
  model: string;
  /** Number or alias of a version. */
  version?: string;
}

/** @throws {CloudError} `invalid`: no name of a model. */
export function splitModelName(name: string): ModelName {
  const found = /^(projects\/[^/]+\/locations\/[^/]+\/models\/[^/@]+)(?:@([^/@]+))?$/.exec(name);
  if (found) return { model: found[1], version: found[2] };
  throw invalidArgument(
    `Invalid name of a Model: "${name}" is not like projects/p/locations/l/models/m`,
  );
}

/** @throws {CloudError} `notFound`. */
export function findModel(state: VertexState, { model }: ModelName): ModelRecord {
  const found = state.models.get(model);
  if (found) return found;
  throw notThere("Model", model);
}

/**
 * A version by its number or alias.
 *
 * @param version The default one where left out.
 * @throws {CloudError} `notFound`.
 */
export function findVersion(model: ModelRecord, version = "default"): VersionRecord {
  const found = model.versions.find(({ versionId, aliases }) =>
    versionId === version || aliases.includes(version)
  );
  if (found) return found;
  throw notThere("Model version", `${model.name}@${version}`);
}

/** The version that a model's name alone stands for. */
export const defaultVersion = (model: ModelRecord): VersionRecord => findVersion(model);

/** Versions of which one has other aliases; no alias belongs to two. */
export function withAliases(
  versions: VersionRecord[],
  versionId: string,
  { add, remove = [] }: { add: string[]; remove?: string[] },
): VersionRecord[] {
  return versions.map((version) => {
    const own = version.versionId === versionId;
    const gone = own ? remove : add;
    const kept = version.aliases.filter((alias) => !gone.includes(alias));
    return { ...version, aliases: own ? [...new Set([...kept, ...add])] : kept };
  });
}

/**
 * A version of a model as REST answers with it.
 *
 * @param as.named Whether the name says which version it is.
 */
export function modelResource(
  state: VertexState,
  model: ModelRecord,
  { version, named = false }: { version: VersionRecord; named?: boolean },
): Resource {
  const labels = { ...model.labels, ...version.labels };
  return {
    name: named ? `${model.name}@${version.versionId}` : model.name,
    displayName: model.displayName,
    description: model.description,
    containerSpec: { imageUri: version.imageUri },
    supportedDeploymentResourcesTypes: ["DEDICATED_RESOURCES"],
    supportedInputStorageFormats: [],
    supportedOutputStorageFormats: [],
    createTime: model.created,
    updateTime: model.updated,
    deployedModels: deployments(state, model.name, version.versionId),
    etag: etagOf({ model, current: version }),
    labels,
    artifactUri: version.artifactUri,
    versionId: version.versionId,
    versionAliases: version.aliases,
    versionCreateTime: version.created,
    versionUpdateTime: version.updated,
    versionDescription: version.description,
  };
}

function deployments(state: VertexState, model: string, versionId: string) {
  return [...state.endpoints.values()].flatMap(({ name, deployed }) =>
    deployed.filter((one) => one.model === model && one.modelVersionId === versionId)
      .map(({ id }) => ({ endpoint: name, deployedModelId: id }))
  );
}
