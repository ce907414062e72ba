/** What is known of users, in each of the two feature sets. */
import { z } from "zod";
import { reasonOf } from "../failure.ts";
import { type FeatureSet, withFeatures } from "../features.ts";
import type { Session } from "../session.ts";
import { queryRows } from "../sql.ts";
import { AnswerError } from "./answer_error.ts";
import { type Cache, createCache } from "./cache.ts";

const userFeatures = z.record(z.string(), z.number().nullable());
/** What is known of a user, by the feature's name; null where nothing is. */
export type UserFeatures = z.infer<typeof userFeatures>;

/** A reader for each feature set; it gives nothing for a user without events. */
export type UserFeatureCaches = Record<FeatureSet, Cache<UserFeatures | undefined>>;

/** Caches of what is known of users, by the feature set. */
export function userFeatureCaches(
  session: Session,
  options: { maxEntries: number; ttlMs: number },
): UserFeatureCaches {
  const cacheOf = (features: FeatureSet) =>
    createCache((userId) => readUser(session, { userId, features }), options);
  return { published: cacheOf("published"), corrected: cacheOf("corrected") };
}

async function readUser(
  opened: Session,
  { userId, features }: { userId: string; features: FeatureSet },
): Promise<UserFeatures | undefined> {
  const session = withFeatures(opened, features);
  const params = { user_pseudo_id: userId };
  try {
    return (await queryRows(session, "functions/user_features", { row: userFeatures, params }))[0];
  } catch (cause) {
    if (reasonOf(cause) !== "notFound") throw cause;
    throw new AnswerError(
      "unavailable",
      `Cannot answer as ${session.names.user_stats} is missing, with which the version of ` +
        `user_clusters is asked: run \`deno task retrain --model user_clusters --features ${features}\``,
      { cause },
    );
  }
}
