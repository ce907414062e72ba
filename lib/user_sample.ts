/** Some users, drawn at random: enough for a picture, whatever the number of all. */
import { z } from "zod";
import type { Session } from "./session.ts";
import { queryRows } from "./sql.ts";

const userFeatures = z.object({
  user_pseudo_id: z.string().nullable(),
  session_count: z.number().nullable(),
  total_time_spend_by_user_in_msec: z.number().nullable(),
  average_order_value: z.number().nullable(),
  no_of_orders: z.number().nullable(),
});
/** A row of user_stats. */
export type UserFeatures = z.infer<typeof userFeatures>;

const clusteredPoint = z.object({
  /** 1 … k. */
  centroid_id: z.number(),
  user_pseudo_id: z.string().nullable(),
  /**
   * Sessions, attention, order value and orders in standard deviations from the average user, as
   * k-means sees them; 0 where a number is missing.
   */
  point: z.array(z.number()).length(4),
});
/** A user as k-means sees one, and the cluster in user_clusters. */
export type ClusteredPoint = z.infer<typeof clusteredPoint>;

/** How many users, and which. */
export interface DrawOptions {
  /** At most so many, 1 or more. Default 1000. */
  users?: number;
  /** Which ones, a whole number: the same seed draws the same users. Default 1. */
  seed?: number;
}

/** Draws users of user_stats. */
export async function drawUsers(
  session: Session,
  { users = 1000, seed = 1 }: DrawOptions = {},
): Promise<UserFeatures[]> {
  const params = { users, seed };
  return await queryRows(session, "features/draw_users", { row: userFeatures, params });
}

/** Draws users of user_stats as {@link drawUsers} does, placed as user_clusters sees them. */
export async function drawPoints(
  session: Session,
  { users = 1000, seed = 1 }: DrawOptions = {},
): Promise<ClusteredPoint[]> {
  const params = { users, seed };
  return await queryRows(session, "user_clusters/draw_points", { row: clusteredPoint, params });
}
