/** Four made-up users, few enough to cluster with pencil and paper. */
import { renamed, type Session } from "./session.ts";
import { runStatement } from "./sql.ts";
import { withClusters } from "./user_clusters.ts";

/**
 * Makes the table four_users.
 *
 * @returns The session in which user_stats is that table and user_clusters a model of its own.
 */
export async function makeFourUsers(session: Session): Promise<Session> {
  await runStatement(session, "toy/four_users");
  return withClusters(renamed(session, { user_stats: "four_users" }), "four_users");
}
