-- Makes user_stats_log: one row per user of user_stats, each feature x replaced by the natural
-- logarithm of 1 + x, so that twice as much is as far everywhere.
CREATE OR REPLACE TABLE ecommerce_public.user_stats_log AS
SELECT
  user_pseudo_id,
  LN(1 + session_count) AS session_count,
  LN(1 + total_time_spend_by_user_in_msec) AS total_time_spend_by_user_in_msec,
  LN(1 + average_order_value) AS average_order_value,
  LN(1 + no_of_orders) AS no_of_orders
FROM ecommerce_public.user_stats
