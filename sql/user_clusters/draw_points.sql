-- Gives at most @users rows, one per user drawn from user_stats by @seed, by user: the cluster in
-- user_clusters and the four features in standard deviations from the mean of user_stats, in the
-- order of its columns; a NULL is 0, the mean, as it is in training.
WITH users AS (
  SELECT
    centroid_id,
    user_pseudo_id,
    [
      (session_count - AVG(session_count) OVER ())
        / NULLIF(STDDEV_SAMP(session_count) OVER (), 0),
      (total_time_spend_by_user_in_msec - AVG(total_time_spend_by_user_in_msec) OVER ())
        / NULLIF(STDDEV_SAMP(total_time_spend_by_user_in_msec) OVER (), 0),
      (average_order_value - AVG(average_order_value) OVER ())
        / NULLIF(STDDEV_SAMP(average_order_value) OVER (), 0),
      (no_of_orders - AVG(no_of_orders) OVER ()) / NULLIF(STDDEV_SAMP(no_of_orders) OVER (), 0)
    ] AS scores
  FROM ML.PREDICT(MODEL ecommerce_public.user_clusters, TABLE ecommerce_public.user_stats)
),
drawn AS (
  SELECT *
  FROM users
  ORDER BY MD5(CONCAT(CAST(@seed AS STRING), ' ', IFNULL(user_pseudo_id, '')))
  LIMIT @users
)
SELECT
  centroid_id,
  user_pseudo_id,
  ARRAY(SELECT IFNULL(score, 0) FROM UNNEST(scores) AS score WITH OFFSET AS i ORDER BY i) AS point
FROM drawn
ORDER BY user_pseudo_id
