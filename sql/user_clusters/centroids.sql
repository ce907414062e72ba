-- Gives one row per cluster of user_clusters: its centroid in the units of user_stats, and how many
-- users of user_clusters_op are in it.
WITH centroids AS (
  SELECT
    centroid_id,
    MAX(IF(feature = 'session_count', numerical_value, NULL)) AS session_count,
    MAX(IF(feature = 'total_time_spend_by_user_in_msec', numerical_value, NULL))
      AS total_time_spend_by_user_in_msec,
    MAX(IF(feature = 'average_order_value', numerical_value, NULL)) AS average_order_value,
    MAX(IF(feature = 'no_of_orders', numerical_value, NULL)) AS no_of_orders
  FROM ML.CENTROIDS(MODEL ecommerce_public.user_clusters)
  GROUP BY centroid_id
),
sizes AS (
  SELECT centroid_id, COUNT(*) AS users
  FROM ecommerce_public.user_clusters_op
  GROUP BY centroid_id
)
SELECT c.*, IFNULL(s.users, 0) AS users
FROM centroids AS c
LEFT JOIN sizes AS s ON s.centroid_id = c.centroid_id
ORDER BY c.centroid_id
