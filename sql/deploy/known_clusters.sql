-- Gives at most @rows rows, one per user, the same ones each time: what user_clusters_op knows of
-- the user, and the distances to the nearest centroids of user_clusters, at most five, nearest
-- first. The first user bought something, as far as one did; every other one did not.
WITH ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY is_buyer ORDER BY MD5(user_pseudo_id)) AS place
  FROM (
    SELECT
      *,
      IFNULL(
        session_count > 0 AND total_time_spend_by_user_in_msec > 0
          AND average_order_value > 0 AND no_of_orders > 0,
        FALSE
      ) AS is_buyer
    FROM ecommerce_public.user_clusters_op
  )
)
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
      is_buyer,
      place,
      session_count,
      total_time_spend_by_user_in_msec,
      average_order_value,
      no_of_orders
    FROM ranked
    ORDER BY place, is_buyer DESC
    LIMIT @rows
  )
)
ORDER BY place, is_buyer DESC
