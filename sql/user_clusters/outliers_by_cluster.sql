-- Gives one row per cluster of user_clusters: of how many users of user_stats it is the nearest in
-- radii, and how many of them are among the 1 % farthest.
SELECT centroid_id, COUNT(*) AS users, COUNTIF(is_anomaly) AS outliers
FROM ML.DETECT_ANOMALIES(
  MODEL ecommerce_public.user_clusters,
  STRUCT(0.01 AS contamination),
  TABLE ecommerce_public.user_stats
)
GROUP BY centroid_id
ORDER BY centroid_id
