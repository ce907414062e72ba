/** Users far from everyone else: what ML.DETECT_ANOMALIES finds in user_clusters. */
import { z } from "zod";
import type { Session } from "./session.ts";
import { queryRows } from "./sql.ts";

const outlier = z.object({
  user_pseudo_id: z.string().nullable(),
  /** Distance to the centroid in radii of its cluster; the radius is a root mean square. */
  normalized_distance: z.number(),
  centroid_id: z.number(),
  session_count: z.number().nullable(),
  total_time_spend_by_user_in_msec: z.number().nullable(),
  average_order_value: z.number().nullable(),
  no_of_orders: z.number().nullable(),
});
/** A user among the 1 % farthest from their cluster, and the numbers that make it so. */
export type Outlier = z.infer<typeof outlier>;

const outlierCount = z.object({
  centroid_id: z.number(),
  /** To whom the cluster is the nearest in radii: not always those that user_clusters_op gives it. */
  users: z.number(),
  /** Of the users, those who never bought. */
  nonbuyers: z.number(),
  outliers: z.number(),
  /** Of the outliers, those who never bought. */
  nonbuyer_outliers: z.number(),
});
/** How many of the users nearest to a cluster are among the 1 % farthest from theirs. */
export type OutlierCount = z.infer<typeof outlierCount>;

/**
 * The outliers of user_clusters, farthest first.
 *
 * @param options.users How many at most, 1 or more. Default 10.
 */
export async function findOutliers(session: Session, { users = 10 } = {}): Promise<Outlier[]> {
  return await queryRows(session, "user_clusters/outliers", { row: outlier, params: { users } });
}

/** The outliers of user_clusters, counted by cluster. */
export async function countOutliers(session: Session): Promise<OutlierCount[]> {
  return await queryRows(session, "user_clusters/outliers_by_cluster", { row: outlierCount });
}
