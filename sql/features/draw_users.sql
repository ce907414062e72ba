-- Gives at most @users rows, one per user drawn from user_stats, by user: a random choice that
-- @seed decides.
WITH drawn AS (
  SELECT *
  FROM ecommerce_public.user_stats
  ORDER BY MD5(CONCAT(CAST(@seed AS STRING), ' ', IFNULL(user_pseudo_id, '')))
  LIMIT @users
)
SELECT
  user_pseudo_id,
  session_count,
  total_time_spend_by_user_in_msec,
  average_order_value,
  no_of_orders
FROM drawn
ORDER BY user_pseudo_id
