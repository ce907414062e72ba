-- Makes four_users: one row per user, four made-up users with the columns of user_stats. Means and
-- sample deviations are round: 10 and 6 sessions, 100 and 60 seconds, 100 and 60 dollars, 6 and 6
-- orders.
CREATE OR REPLACE TABLE ecommerce_public.four_users AS
SELECT *
FROM UNNEST([
  STRUCT(
    'ann' AS user_pseudo_id,
    3 AS session_count,
    30000 AS total_time_spend_by_user_in_msec,
    30.0 AS average_order_value,
    1 AS no_of_orders
  ),
  ('bob', 7, 150000, 70.0, 1),
  ('cleo', 15, 70000, 150.0, 9),
  ('dan', 15, 150000, 150.0, 13)
])
