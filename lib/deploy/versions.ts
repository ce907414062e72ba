/** The versions of a model in Vertex AI's registry. */
import type { protos } from "@google-cloud/aiplatform";
import { z } from "zod";
import type { Model } from "../arguments.ts";
import { datasetLabel, ownOf, type Vertex } from "../vertex.ts";
import { finished } from "./operation.ts";

/** A version. */
export interface ModelVersion {
  /** `projects/…/models/…`, without the version. */
  model: string;
  /** 1, 2, … */
  version: number;
  /** The folder of its SavedModel, `gs://…`. */
  artifact: string;
  aliases: string[];
}

/** The alias of the version that answered before the one that answers now. */
export const PREVIOUS = "previous";

/** All versions of a dataset's model, oldest first. */
export async function listVersions(vertex: Vertex, model: Model): Promise<ModelVersion[]> {
  const { models, parent } = vertex;
  const [found] = await models.listModels({ parent, filter: `display_name="${model}"` });
  const versions = await Promise.all(
    ownOf(vertex, model, found).map(async ({ name }) => {
      const [each] = await models.listModelVersions({ name: withoutVersion(name) });
      return each.map(toVersion).sort((a, b) => a.version - b.version);
    }),
  );
  return versions.flat();
}

function toVersion(version: protos.google.cloud.aiplatform.v1.IModel): ModelVersion {
  return {
    model: withoutVersion(version.name),
    version: Number(version.versionId ?? 1),
    artifact: (version.artifactUri ?? "").replace(/\/$/, ""),
    aliases: version.versionAliases ?? [],
  };
}

const withoutVersion = (name?: string | null) => (name ?? "").replace(/@.*$/, "");

const uploaded = z.object({ model: z.string(), modelVersionId: z.string() });

/** The version of a folder, uploaded unless it is there: the next one of the model, or its first. */
export async function uploadVersion(
  vertex: Vertex,
  { model, uri, signal }: { model: Model; uri: string; signal?: AbortSignal },
): Promise<ModelVersion> {
  const before = await listVersions(vertex, model);
  const same = before.findLast(({ artifact }) => artifact === uri);
  if (same) return same;
  const { parent, dataset, region, models } = vertex;
  const result = await finished(
    models.uploadModel({
      parent,
      parentModel: before[0]?.model,
      model: {
        displayName: model,
        versionDescription: `${dataset}.${model} of BigQuery`,
        artifactUri: uri,
        containerSpec: { imageUri: servingImage(region) },
        labels: { dataset: datasetLabel(dataset) },
      },
    }),
    signal,
  );
  const answer = uploaded.parse(result);
  const name = `${withoutVersion(answer.model)}@${answer.modelVersionId}`;
  const [version] = await models.getModel({ name });
  return toVersion(version);
}

/**
 * Google's container of TensorFlow Serving that is nearest to a region.
 *
 * @see https://docs.cloud.google.com/vertex-ai/docs/predictions/pre-built-containers
 */
export function servingImage(region: string): string {
  const continent = ["europe", "asia"].find((each) => region.startsWith(`${each}-`)) ?? "us";
  return `${continent}-docker.pkg.dev/vertex-ai/prediction/tf2-cpu.2-15:latest`;
}

/** The alias of the version that answered when the endpoint was removed. */
const LAST = "last-served";

/** Remembers a version as the one that answered when its endpoint was removed. */
export async function markLast(
  { models }: Vertex,
  { model, version }: Pick<ModelVersion, "model" | "version">,
): Promise<void> {
  await models.mergeVersionAliases({ name: `${model}@${version}`, versionAliases: [LAST] });
}

/**
 * Makes the version that answered when the endpoint was removed the one to go back to, once another
 * one answers alone on a new endpoint.
 */
export async function markLastAsPrevious(
  vertex: Vertex,
  { name, served }: { name: Model; served: Pick<ModelVersion, "version"> },
): Promise<void> {
  const last = (await listVersions(vertex, name)).find(({ aliases }) => aliases.includes(LAST));
  if (!last || last.version === served.version) return;
  await vertex.models.mergeVersionAliases({
    name: `${last.model}@${last.version}`,
    versionAliases: [PREVIOUS, `-${LAST}`],
  });
}

/** Remembers a version as the one that {@link PREVIOUS} names; no other has the alias then. */
export async function markPrevious(
  { models }: Vertex,
  { model, version }: Pick<ModelVersion, "model" | "version">,
): Promise<void> {
  await models.mergeVersionAliases({ name: `${model}@${version}`, versionAliases: [PREVIOUS] });
}
