/** Which cluster a user is in, by what the warehouse knows and the model that is served. */
import type { ClusterName, ClusterNames } from "../cluster_names.ts";
import type { FeatureSet } from "../features.ts";
import { type ClusterPrediction, clusterPrediction } from "../predictions.ts";
import { AnswerError } from "./answer_error.ts";
import type { UserClusterRequest } from "./requests.ts";
import { ask, type ModelVersion, type Serving } from "./serving.ts";
import type { UserFeatureCaches, UserFeatures } from "./user_features.ts";

/** The model that is asked. */
const MODEL = "user_clusters";

/** A cluster and how far it is. */
export interface ClusterDistance {
  centroidId: number;
  /** In standard deviations, if the model was trained on standardised features; 0 or more. */
  distance: number;
  tier: ClusterName["tier"];
  character: ClusterName["character"];
}

/** What UserCluster answers. */
export interface UserClusterAnswer {
  userId: string;
  /** The nearest one. Its id and its names are those of the version that answered. */
  cluster: {
    centroidId: number;
    tier: ClusterName["tier"];
    character: ClusterName["character"];
    /** What to do about it, a phrase. */
    action: string;
  };
  /** All clusters, the nearest first. */
  distances: ClusterDistance[];
  /**
   * What user_stats knows, by its columns; null for what it does not. In the feature set that the
   * version that answered was trained on.
   */
  features: UserFeatures;
  /** What the model was asked with in place of each null: the mean of its training. */
  imputed: Record<string, number>;
  /** The version that answered. */
  model: ModelVersion;
}

/** Where answers come from. */
export interface ClusterSources {
  serving: Serving;
  users: UserFeatureCaches;
  /** Those that a version was trained on which does not say it itself. */
  features: FeatureSet;
}

/** A user as a version must be asked about them. */
interface KnownUser {
  notes: ClusterNames;
  /** Nothing for a user whom the version's feature set does not know. */
  features?: UserFeatures;
}

/**
 * The cluster of a user.
 *
 * @throws {AnswerError} `notFound` for a user without events, `unavailable` if nothing is deployed.
 */
export async function findUserCluster(
  { serving, users, features: fallback }: ClusterSources,
  { userId }: UserClusterRequest,
): Promise<UserClusterAnswer> {
  const asked = new Map<string, KnownUser>();
  const lookUp = async (version: string): Promise<KnownUser> => {
    const notes = await serving.notes.get(version);
    const known = { notes, features: await users[notes.features ?? fallback].get(userId) };
    asked.set(version, known);
    return known;
  };
  const { model, version, prediction } = await ask(serving, MODEL, {
    prediction: clusterPrediction,
    instances: async (versions) => {
      const known = await Promise.all(versions.map(({ name }) => lookUp(name)));
      if (known.every(({ features }) => !features)) throw notFound(userId);
      return instancesFor(known);
    },
  });
  const { notes: { segments, means }, features } = asked.get(version)!;
  if (!features) throw notFound(userId);
  const [{ action, ...nearest }, distances] = nameClusters(prediction, segments);
  const { distance: _, ...cluster } = nearest;
  return {
    ...{ userId, cluster: { ...cluster, action }, distances, features },
    imputed: Object.fromEntries(
      Object.entries(means).filter(([feature]) => features[feature] === null),
    ),
    model,
  };
}

const notFound = (userId: string) =>
  new AnswerError(
    "notFound",
    `Cannot find the user ${JSON.stringify(userId)} as user_stats knows no event of theirs`,
  );

/** The user as each version must be asked: one instance if they are all alike. */
function instancesFor(known: readonly KnownUser[]): object[] {
  // A version whose feature set does not know the user is asked anything: no place may be empty.
  const instances = known.map(({ notes: { means }, features }) =>
    features ? impute(features, means) : means
  );
  const isAlike = new Set(instances.map((instance) => JSON.stringify(instance))).size === 1;
  return isAlike ? instances.slice(0, 1) : instances;
}

/** The means in place of what is not known, as ML.PREDICT puts them in place of NULL. */
function impute(features: UserFeatures, means: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(means).map(([feature, mean]) => {
      if (features[feature] !== undefined) return [feature, features[feature] ?? mean];
      throw new AnswerError(
        "unavailable",
        `Cannot ask ${MODEL} as it was trained on ${feature}, which user_stats does not have: ` +
          "train it by `deno task retrain` and deploy it anew",
      );
    }),
  );
}

/** The nearest cluster with its action, and all of them, nearest first. */
function nameClusters(
  { nearest_centroid_id: [nearestId], centroid_ids, centroid_distances }: ClusterPrediction,
  segments: readonly ClusterName[],
): [ClusterDistance & { action: string }, ClusterDistance[]] {
  const named = centroid_ids.map((centroidId, i) => {
    const { tier, character, action } = namesOf(centroidId, segments);
    return { centroidId, distance: centroid_distances[i], tier, character, action };
  }).sort((a, b) => a.distance - b.distance || a.centroidId - b.centroidId);
  const nearest = named.find(({ centroidId }) => centroidId === nearestId) ?? named[0];
  return [nearest, named.map(({ action: _, ...distance }) => distance)];
}

function namesOf(centroidId: number, segments: readonly ClusterName[]): ClusterName {
  const found = segments.find(({ centroid_id }) => centroid_id === centroidId);
  if (found) return found;
  throw new RangeError(`Cannot name centroid ${centroidId} as the version's segments lack it`);
}
