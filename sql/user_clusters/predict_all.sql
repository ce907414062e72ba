-- Makes user_clusters_op: one row per user of user_stats, with the cluster the user is nearest to.
CREATE OR REPLACE TABLE ecommerce_public.user_clusters_op AS
SELECT * EXCEPT (nearest_centroids_distance)
FROM ML.PREDICT(MODEL ecommerce_public.user_clusters, TABLE ecommerce_public.user_stats)
