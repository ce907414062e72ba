/** An exported user_clusters, brought back into BigQuery as a TensorFlow model. */
import { z } from "zod";
import type { Session } from "../session.ts";
import { queryRow, runStatement } from "../sql.ts";

const comparison = z.object({
  /** Those of user_stats. */
  users: z.number(),
  /** Of these, users of whom a number is not known. */
  users_with_null: z.number(),
  /** Distances that both models gave. */
  distances: z.number(),
  /** Between two distances to the same centroid, in standard deviations. */
  largest_difference: z.number(),
});
/** How far ML.PREDICT of both models is apart. */
export type ImportComparison = z.infer<typeof comparison>;

/**
 * Makes the model user_clusters_imported from the files of an exported user_clusters.
 *
 * @param uri Their folder, `gs://BUCKET/…`.
 */
export async function importClusters(session: Session, uri: string): Promise<void> {
  await runStatement(session, "deploy/import_model", { options: { model_path: `${uri}/*` } });
}

/** Asks user_clusters and user_clusters_imported for all users of user_stats. */
export async function compareImported(session: Session): Promise<ImportComparison> {
  return await queryRow(session, "deploy/compare_imported", { row: comparison });
}
