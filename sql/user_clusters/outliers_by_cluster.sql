-- Gives one row per cluster of user_clusters: of how many users of user_stats it is the nearest in
-- radii, how many of them are among the 1 % farthest, and of both how many never bought.
SELECT
  centroid_id,
  COUNT(*) AS users,
  COUNTIF(IFNULL(no_of_orders, 0) = 0) AS nonbuyers,
  COUNTIF(is_anomaly) AS outliers,
  COUNTIF(is_anomaly AND IFNULL(no_of_orders, 0) = 0) AS nonbuyer_outliers
FROM ML.DETECT_ANOMALIES(
  MODEL ecommerce_public.user_clusters,
  STRUCT(0.01 AS contamination),
  TABLE ecommerce_public.user_stats
)
GROUP BY centroid_id
ORDER BY centroid_id
