-- Makes four_users: one row per user, four made-up users with the columns of user_stats. Each column
-- deviates from its mean by 7, 5, 5 and 3 parts whose sample deviation is 6, or by 5, 5, 7 and 3.
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
