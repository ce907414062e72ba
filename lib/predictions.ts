/** What endpoints answer for one instance, as BigQuery's exported models name it. */
import { z } from "zod";

/** Of user_clusters. */
export const clusterPrediction = z.object({
  /** The id of the nearest centroid, 1 … k. */
  nearest_centroid_id: z.tuple([z.number()]),
  /** Distances to all centroids in standard deviations, in the order of `centroid_ids`. */
  centroid_distances: z.array(z.number()),
  centroid_ids: z.array(z.number()),
});
export type ClusterPrediction = z.infer<typeof clusterPrediction>;

/** Of product_affinity. */
export const affinityPrediction = z.object({
  /** Products as the model was trained on them, the highest rating first, 50 at most. */
  predicted_item: z.array(z.string()),
  /** How confident the model is, about 0 … 1, in the same order. */
  predicted_rating: z.array(z.number()),
});
export type AffinityPrediction = z.infer<typeof affinityPrediction>;
