-- Makes user_stats: one row per user, as the walk-through defines it. average_order_value is the
-- mean price of an item line and no_of_orders counts item lines; both are NULL for users who never
-- bought. user_stats_corrected says what to use instead.
CREATE OR REPLACE TABLE ecommerce_public.user_stats AS
WITH view_stats AS (
  SELECT
    user_pseudo_id,
    COUNT(DISTINCT (
      SELECT value.int_value FROM UNNEST(event_params) WHERE key = 'ga_session_id'
    )) AS session_count,
    SUM((
      SELECT value.int_value FROM UNNEST(event_params) WHERE key = 'engagement_time_msec'
    )) AS total_time_spend_by_user_in_msec
  FROM ecommerce_public.events_flat_data
  GROUP BY user_pseudo_id
),
order_stats AS (
  SELECT
    user_pseudo_id,
    AVG(items.price) AS average_order_value,
    COUNT(*) AS no_of_orders
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE event_name = 'purchase'
  GROUP BY user_pseudo_id
)
SELECT v.*, o.average_order_value, o.no_of_orders
FROM view_stats AS v
FULL OUTER JOIN order_stats AS o ON v.user_pseudo_id = o.user_pseudo_id
