-- Gives one row: for how many users of user_stats user_clusters and user_clusters_imported were
-- asked, and how far their distances are apart. An imported model takes no NULL: it is asked with
-- the means of the training, as user_clusters does by itself.
WITH means AS (
  SELECT
    MAX(IF(input = 'session_count', mean, NULL)) AS session_count,
    MAX(IF(input = 'total_time_spend_by_user_in_msec', mean, NULL)) AS time_msec,
    MAX(IF(input = 'average_order_value', mean, NULL)) AS average_order_value,
    MAX(IF(input = 'no_of_orders', mean, NULL)) AS no_of_orders
  FROM ML.FEATURE_INFO(MODEL ecommerce_public.user_clusters)
),
known AS (
  SELECT
    u.user_pseudo_id,
    IFNULL(u.session_count, m.session_count) AS session_count,
    IFNULL(u.total_time_spend_by_user_in_msec, m.time_msec) AS total_time_spend_by_user_in_msec,
    IFNULL(u.average_order_value, m.average_order_value) AS average_order_value,
    IFNULL(u.no_of_orders, m.no_of_orders) AS no_of_orders
  FROM ecommerce_public.user_stats AS u
  CROSS JOIN means AS m
),
trained AS (
  SELECT
    p.user_pseudo_id,
    p.session_count IS NULL OR p.total_time_spend_by_user_in_msec IS NULL
      OR p.average_order_value IS NULL OR p.no_of_orders IS NULL AS has_null,
    n.centroid_id,
    n.distance
  FROM ML.PREDICT(
    MODEL ecommerce_public.user_clusters,
    TABLE ecommerce_public.user_stats
  ) AS p, UNNEST(p.nearest_centroids_distance) AS n
),
imported AS (
  SELECT p.user_pseudo_id, centroid_id, p.centroid_distances[OFFSET(position)] AS distance
  FROM ML.PREDICT(
    MODEL ecommerce_public.user_clusters_imported,
    (SELECT * FROM known)
  ) AS p, UNNEST(p.centroid_ids) AS centroid_id WITH OFFSET AS position
)
SELECT
  COUNT(DISTINCT t.user_pseudo_id) AS users,
  COUNT(DISTINCT IF(t.has_null, t.user_pseudo_id, NULL)) AS users_with_null,
  COUNT(*) AS distances,
  MAX(ABS(t.distance - i.distance)) AS largest_difference
FROM trained AS t
INNER JOIN imported AS i
  ON t.user_pseudo_id = i.user_pseudo_id AND t.centroid_id = i.centroid_id
