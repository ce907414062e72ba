-- Gives at most @users rows, one per user of user_stats among the 1 % farthest from their cluster,
-- farthest first: the distance in radii of the cluster, and the four numbers it follows from.
SELECT
  user_pseudo_id,
  normalized_distance,
  centroid_id,
  session_count,
  total_time_spend_by_user_in_msec,
  average_order_value,
  no_of_orders
FROM ML.DETECT_ANOMALIES(
  MODEL ecommerce_public.user_clusters,
  STRUCT(0.01 AS contamination),
  TABLE ecommerce_public.user_stats
)
WHERE is_anomaly
ORDER BY normalized_distance DESC, user_pseudo_id
LIMIT @users
