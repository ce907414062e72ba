/** What the choice of features changes, before anything is learnt from them. */
import { z } from "zod";
import { renamed, type Session } from "./session.ts";
import { queryRows, runStatement } from "./sql.ts";
import { withClusters } from "./user_clusters.ts";

const figure = z.object({
  figure: z.string(),
  published: z.number().nullable(),
  corrected: z.number().nullable(),
});
/** A figure about all users, by either definition of the features. */
export type FeatureFigure = z.infer<typeof figure>;

/**
 * Compares user_stats as published with user_stats_corrected, which both must have been made: orders
 * counted, dollars per order, and what training sees of users who never bought.
 */
export async function compareFeatures(session: Session): Promise<FeatureFigure[]> {
  return await queryRows(session, "features/compare_user_stats", { row: figure });
}

/**
 * Makes user_stats_log, the logarithms of the session's user_stats.
 *
 * @returns The session in which user_stats is that table and user_clusters a model of its own.
 */
export async function makeLogFeatures(session: Session): Promise<Session> {
  await runStatement(session, "features/user_stats_log");
  return withClusters(renamed(session, { user_stats: "user_stats_log" }), "log");
}
