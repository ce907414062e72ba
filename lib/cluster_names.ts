/**
 * What a version of user_clusters says of itself, in a file beside its graph: ids of clusters have
 * nothing to do with those of another training, so their names travel with the version.
 */
import { z } from "zod";
import { FEATURE_SETS } from "./features.ts";
import { parseGsUri } from "./gs_uri.ts";
import { ACTIONS, type Character, TIERS } from "./segments.ts";
import type { Session } from "./session.ts";
import { readJson } from "./stored_json.ts";

/** The file, in the folder of a SavedModel; TensorFlow Serving leaves `assets.extra/` alone. */
export const CLUSTER_NAMES = "assets.extra/segments.json";

const CHARACTERS = Object.keys(ACTIONS) as [Character, ...Character[]];

const clusterName = z.object({
  centroid_id: z.number(),
  tier: z.enum(TIERS),
  character: z.enum(CHARACTERS),
  action: z.string(),
});
/** A cluster of one version of user_clusters, by the id that this version gives it. */
export type ClusterName = z.infer<typeof clusterName>;

const clusterNames = z.object({
  /** Best tier first; `centroid_id` is the one that the endpoint answers. */
  segments: z.array(clusterName),
  /** Training mean of each feature, to be sent where a number is missing. */
  means: z.record(z.string(), z.number()),
  /** Which numbers of a user it was trained on, and is to be asked with; missing if not known. */
  features: z.enum(FEATURE_SETS).nullish(),
});
/** Names of a version's clusters, and which numbers it is asked with. */
export type ClusterNames = z.infer<typeof clusterNames>;

/**
 * What an exported user_clusters says of itself.
 *
 * @param uri Its folder, `gs://BUCKET/…`.
 * @throws An error with code 404 if there is no such file.
 */
export async function readClusterNames({ storage }: Session, uri: string): Promise<ClusterNames> {
  const place = parseGsUri(uri);
  if (!place) {
    throw new TypeError(`Cannot read ${CLUSTER_NAMES} as its folder must be gs://BUCKET/…: ${uri}`);
  }
  const file = storage.bucket(place.bucket).file(`${place.folder}/${CLUSTER_NAMES}`);
  return clusterNames.parse(await readJson(file));
}
