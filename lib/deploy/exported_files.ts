/** The files of an exported model, and what they are for. */
import { z } from "zod";
import { FEATURE_SETS } from "../features.ts";
import { ACTIONS, type Character, TIERS } from "../segments.ts";
import type { Session } from "../session.ts";
import { readJson } from "../stored_json.ts";

/** A file of an exported model. */
export interface ExportedFile {
  /** Within the folder of the model. */
  path: string;
  bytes: number;
  /** What it is for, a phrase. */
  purpose: string;
}

/** What the files are for, by the beginnings of their paths; the first one counts. */
const PURPOSES: readonly [start: string, purpose: string][] = [
  ["saved_model.pb", "the graph: what is computed, step by step"],
  ["variables/variables.index", "which variables there are, and where"],
  ["variables/", "the variables' values: the trained numbers"],
  ["assets.extra/segments.json", "ours: names of the clusters, features and their means"],
  ["assets.extra/known_answers.json", "ours: questions, and BigQuery's answers to them"],
  ["assets/", "lists of names that the graph looks up"],
  ["explanation_metadata.json", "for explanations of predictions"],
  ["fingerprint.pb", "a checksum of the graph"],
];

/**
 * The files of an exported model, by path.
 *
 * @param uri Its folder, `gs://BUCKET/…`.
 */
export async function listExported({ storage }: Session, uri: string): Promise<ExportedFile[]> {
  const { bucket, folder } = placeOf(uri);
  const [files] = await storage.bucket(bucket).getFiles({ prefix: `${folder}/` });
  return files
    .map(({ name, metadata }) => {
      const path = name.slice(folder.length + 1);
      return { path, bytes: Number(metadata.size ?? 0), purpose: purposeOf(path) };
    })
    // Consoles make a folder by an empty object that ends in a slash.
    .filter(({ path }) => path !== "" && !path.endsWith("/"))
    .sort((a, b) => a.path < b.path ? -1 : 1);
}

function purposeOf(path: string): string {
  return PURPOSES.find(([start]) => path.startsWith(start))?.[1] ?? "";
}

function placeOf(uri: string): { bucket: string; folder: string } {
  const [, bucket, folder] = /^gs:\/\/([^/]+)\/(.+?)\/*$/.exec(uri) ?? [];
  if (bucket === undefined) {
    throw new TypeError(`Cannot find files as a folder must be gs://BUCKET/…: it is "${uri}"`);
  }
  return { bucket, folder };
}

const CHARACTERS = Object.keys(ACTIONS) as [Character, ...Character[]];

const clusterName = z.object({
  centroid_id: z.number(),
  tier: z.enum(TIERS),
  character: z.enum(CHARACTERS),
  action: z.string(),
});
/** A cluster of one version of user_clusters, by the id that this version gives it. */
export type ClusterName = z.infer<typeof clusterName>;

/** How `assets.extra/segments.json` of an exported user_clusters is written. */
export const clusterNames = z.object({
  /** Best tier first; `centroid_id` is the one that the endpoint answers. */
  segments: z.array(clusterName),
  /** Training mean of each feature, to be sent where a number is missing. */
  means: z.record(z.string(), z.number()),
  /** Which numbers of a user it was trained on, and is to be asked with; missing if not known. */
  features: z.enum(FEATURE_SETS).optional(),
});
/** Names of a version's clusters, and which numbers it is asked with. */
export type ClusterNames = z.infer<typeof clusterNames>;

/**
 * What `assets.extra/segments.json` of an exported user_clusters tells.
 *
 * @param uri Its folder, `gs://BUCKET/…`.
 */
export async function readClusterNames({ storage }: Session, uri: string): Promise<ClusterNames> {
  const { bucket, folder } = placeOf(uri);
  const file = storage.bucket(bucket).file(`${folder}/assets.extra/segments.json`);
  return clusterNames.parse(await readJson(file));
}
