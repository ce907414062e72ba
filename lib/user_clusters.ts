/** The stages of user_clusters: k-means over what is known of each user. */
import { z } from "zod";
import type { Centroid } from "./segments.ts";
import { renamed, type Session } from "./session.ts";
import { queryRow, queryRows, runStatement } from "./sql.ts";
import { noteFeatures } from "./trained_features.ts";

/** How tight and how far apart the clusters are; lower is better for both. */
const clusterQuality = z.object({
  /** Mean over clusters of the worst (spread + spread) / distance; null for a single cluster. */
  davies_bouldin_index: z.number().nullable(),
  /** Mean squared distance of a user to the nearest centroid, in standard deviations. */
  mean_squared_distance: z.number(),
});
export type ClusterQuality = z.infer<typeof clusterQuality>;

const centroid = z.object({
  centroid_id: z.number(),
  users: z.number(),
  session_count: z.number(),
  total_time_spend_by_user_in_msec: z.number(),
  average_order_value: z.number(),
  no_of_orders: z.number(),
}) satisfies z.ZodType<Centroid>;

const userCluster = z.object({
  centroid_id: z.number(),
  user_pseudo_id: z.string(),
  session_count: z.number().nullable(),
  total_time_spend_by_user_in_msec: z.number().nullable(),
  average_order_value: z.number().nullable(),
  no_of_orders: z.number().nullable(),
});
/** A user's cluster and the numbers it follows from, in the units of user_stats. */
export type UserCluster = z.infer<typeof userCluster>;

/**
 * The session in which user_clusters is another model, so that the one in use is not touched.
 *
 * @param name Letters, digits and underscores: the model is called `user_clusters_{name}`.
 */
export function withClusters(session: Session, name: string): Session {
  return renamed(session, {
    user_clusters: `user_clusters_${name}`,
    user_clusters_op: `user_clusters_${name}_op`,
  });
}

/** How to train user_clusters. */
export interface TrainOptions {
  /** How many clusters, 2 … 100. */
  clusters: number;
  /** Whether features are measured in standard deviations; else in their own units. Default true. */
  standardize?: boolean;
}

/** Trains user_clusters on user_stats, and notes on the model which features those are. */
export async function trainUserClusters(
  session: Session,
  { clusters, standardize = true }: TrainOptions,
): Promise<void> {
  const options = { num_clusters: clusters, standardize_features: standardize };
  await runStatement(session, "user_clusters/train", { options });
  await noteFeatures(session, { model: "user_clusters", table: "user_stats" });
}

/** Measures user_clusters over user_stats. */
export async function evaluateUserClusters(session: Session): Promise<ClusterQuality> {
  return await queryRow(session, "user_clusters/evaluate", { row: clusterQuality });
}

/** Writes the cluster of every user of user_stats to user_clusters_op. */
export async function predictUserClusters(session: Session): Promise<void> {
  await runStatement(session, "user_clusters/predict_all");
}

/** The centroids of user_clusters by id, with the users that user_clusters_op counts. */
export async function readCentroids(session: Session): Promise<Centroid[]> {
  return await queryRows(session, "user_clusters/centroids", { row: centroid });
}

/** The cluster of one user; nothing for a user without events. */
export async function predictUserCluster(
  session: Session,
  userId: string,
): Promise<UserCluster | undefined> {
  const params = { user_pseudo_id: userId };
  const rows = await queryRows(session, "user_clusters/predict_one", { row: userCluster, params });
  return rows[0];
}
