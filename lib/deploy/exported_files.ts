/** The files of an exported model, and what they are for. */
import { CLUSTER_NAMES } from "../cluster_names.ts";
import { parseGsUri } from "../gs_uri.ts";
import type { Session } from "../session.ts";

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
  [CLUSTER_NAMES, "ours: names of the clusters, features and their means"],
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
  const { bucket, folder } = parseGsUri(uri) ?? {};
  if (!bucket || !folder) {
    throw new TypeError(`Cannot find files as a folder must be gs://BUCKET/…: it is "${uri}"`);
  }
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
