/** Which cluster a user is in, by what user_stats knows and the model that is served. */
import { z } from "zod";
import { type ClusterPrediction, clusterPrediction } from "../predictions.ts";
import type { Session } from "../session.ts";
import { queryRows } from "../sql.ts";
import { AnswerError } from "./answer_error.ts";
import { type Cache, createCache } from "./cache.ts";
import type { UserClusterRequest } from "./requests.ts";
import { ask, type ModelVersion, type SegmentNames, type Serving } from "./serving.ts";

/** The model that is asked. */
const MODEL = "user_clusters";

const userFeatures = z.record(z.string(), z.number().nullable());
/** What is known of a user, by the feature's name; null where nothing is. */
export type UserFeatures = z.infer<typeof userFeatures>;

/** A cluster and how far it is. */
export interface ClusterDistance {
  centroidId: number;
  /** In standard deviations, if the model was trained on standardised features; 0 or more. */
  distance: number;
  tier: SegmentNames["tier"];
  character: SegmentNames["character"];
}

/** What UserCluster answers. */
export interface UserClusterAnswer {
  userId: string;
  /** The nearest one. Its id and its names are those of the version that answered. */
  cluster: {
    centroidId: number;
    tier: SegmentNames["tier"];
    character: SegmentNames["character"];
    /** What to do about it, a phrase. */
    action: string;
  };
  /** All clusters, the nearest first. */
  distances: ClusterDistance[];
  /** What user_stats knows, by its columns; null for what it does not. */
  features: UserFeatures;
  /** What the model was asked with in place of each null: the mean of its training. */
  imputed: Record<string, number>;
  /** The version that answered. */
  model: ModelVersion;
}

/** A cache of what is known of users; nothing for a user without events. */
export function userFeaturesCache(
  session: Session,
  options: { maxEntries: number; ttlMs: number },
): Cache<UserFeatures | undefined> {
  return createCache(async (userId) => {
    const params = { user_pseudo_id: userId };
    return (await queryRows(session, "functions/user_features", { row: userFeatures, params }))[0];
  }, options);
}

/**
 * The cluster of a user.
 *
 * @throws {AnswerError} `notFound` for a user without events, `unavailable` if nothing is deployed.
 */
export async function findUserCluster(
  { serving, users }: { serving: Serving; users: Cache<UserFeatures | undefined> },
  { userId }: UserClusterRequest,
): Promise<UserClusterAnswer> {
  const features = await users.get(userId);
  if (!features) {
    throw new AnswerError(
      "notFound",
      `Cannot find the user ${JSON.stringify(userId)} as user_stats knows no event of theirs`,
    );
  }
  const { model, version, prediction: predicted } = await ask(serving, MODEL, {
    prediction: clusterPrediction,
    instances: (versions) => instancesFor(features, versions.map(({ name }) => name), serving),
  });
  const { segments, means } = await serving.notes.get(version);
  const [{ action, ...nearest }, distances] = nameClusters(predicted, segments);
  const { distance: _, ...cluster } = nearest;
  return {
    ...{ userId, cluster: { ...cluster, action }, distances, features },
    imputed: Object.fromEntries(
      Object.entries(means).filter(([feature]) => features[feature] === null),
    ),
    model,
  };
}

/** The features as each version must be asked with them: all alike if nothing is to be imputed. */
async function instancesFor(
  features: UserFeatures,
  versions: readonly string[],
  { notes }: Serving,
): Promise<object[]> {
  const isWhole = Object.values(features).every((value) => value !== null);
  const asked = isWhole ? versions.slice(0, 1) : versions;
  return await Promise.all(asked.map(async (version) => {
    const { means } = await notes.get(version);
    return impute(features, means);
  }));
}

/** The means in place of what is not known, as ML.PREDICT puts them in place of NULL. */
function impute(features: UserFeatures, means: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(means).map(([feature, mean]) => {
      if (features[feature] !== undefined) return [feature, features[feature] ?? mean];
      throw new AnswerError(
        "unavailable",
        `Cannot ask ${MODEL} as it was trained on ${feature}, which user_stats does not have: ` +
          "start the functions with the --features that it was trained with",
      );
    }),
  );
}

/** The nearest cluster with its action, and all of them, nearest first. */
function nameClusters(
  { nearest_centroid_id: [nearestId], centroid_ids, centroid_distances }: ClusterPrediction,
  segments: readonly SegmentNames[],
): [ClusterDistance & { action: string }, ClusterDistance[]] {
  const named = centroid_ids.map((centroidId, i) => {
    const { tier, character, action } = namesOf(centroidId, segments);
    return { centroidId, distance: centroid_distances[i], tier, character, action };
  }).sort((a, b) => a.distance - b.distance || a.centroidId - b.centroidId);
  const nearest = named.find(({ centroidId }) => centroidId === nearestId) ?? named[0];
  return [nearest, named.map(({ action: _, ...distance }) => distance)];
}

function namesOf(centroidId: number, segments: readonly SegmentNames[]): SegmentNames {
  const found = segments.find(({ centroid_id }) => centroid_id === centroidId);
  if (found) return found;
  throw new RangeError(`Cannot name centroid ${centroidId} as the version's segments lack it`);
}
