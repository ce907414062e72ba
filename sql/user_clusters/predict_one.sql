-- Gives one row for the user @user_pseudo_id, none for an unknown one: the cluster and the four
-- numbers it follows from.
SELECT
  centroid_id,
  user_pseudo_id,
  session_count,
  total_time_spend_by_user_in_msec,
  average_order_value,
  no_of_orders
FROM ML.PREDICT(
  MODEL ecommerce_public.user_clusters,
  (SELECT * FROM ecommerce_public.user_stats WHERE user_pseudo_id = @user_pseudo_id)
)
