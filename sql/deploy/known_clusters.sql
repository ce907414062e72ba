-- Gives at most @rows rows, one per user, the same ones each time: what user_clusters_op knows of
-- the user, and the distances to the nearest centroids of user_clusters, at most five, nearest
-- first.
SELECT
  session_count,
  total_time_spend_by_user_in_msec,
  average_order_value,
  no_of_orders,
  ARRAY(
    SELECT AS STRUCT CAST(n.centroid_id AS STRING) AS name, n.distance AS value
    FROM UNNEST(nearest_centroids_distance) AS n
    ORDER BY n.distance, n.centroid_id
  ) AS answer
FROM ML.PREDICT(
  MODEL ecommerce_public.user_clusters,
  (
    SELECT
      user_pseudo_id,
      session_count,
      total_time_spend_by_user_in_msec,
      average_order_value,
      no_of_orders
    FROM ecommerce_public.user_clusters_op
    ORDER BY MD5(user_pseudo_id)
    LIMIT @rows
  )
)
ORDER BY MD5(user_pseudo_id)
