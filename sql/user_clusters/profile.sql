-- Gives one row per cluster of user_clusters and feature: how far the centroid is from the average
-- user, in standard deviations.
SELECT centroid_id, feature, numerical_value AS score
FROM ML.CENTROIDS(MODEL ecommerce_public.user_clusters, STRUCT(TRUE AS standardize))
ORDER BY centroid_id, feature
