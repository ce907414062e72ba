/** Small k-means models as SavedModels. */
import { kmeansSavedModel } from "../../../../../lib/local_cloud/saved_model/mod.ts";

type Files = ReadonlyMap<string, Uint8Array>;

/**
 * A model that measures distances in the features' own units.
 *
 * @param features Names of the inputs.
 * @param centroids One list for each, with a coordinate for each feature.
 */
export function clusterModel(features: string[], centroids: number[][]): Files {
  return kmeansSavedModel({
    distanceType: "EUCLIDEAN",
    features: features.map((name) => ({ kind: "NUMERIC", name, mean: 0, center: 0, scale: 1 })),
    clusters: centroids.length,
    numeric: Float64Array.from(centroids.flat()),
    restSquares: new Float64Array(centroids.length),
    norms: Float64Array.from(centroids, (centroid) => Math.hypot(...centroid)),
  });
}

/** Two clusters of `x` and `y`: at (0, 0) and at (3, 4). */
export const twoClusters = (): Files => clusterModel(["x", "y"], [[0, 0], [3, 4]]);
