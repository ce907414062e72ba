-- Makes user_stats_corrected: one row per user, with the columns of user_stats and what their names
-- promise. average_order_value is money per order, no_of_orders counts orders, and users who never
-- bought have 0 of both instead of a NULL that training would replace by the mean.
CREATE OR REPLACE TABLE ecommerce_public.user_stats_corrected AS
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
  WHERE user_pseudo_id IS NOT NULL
  GROUP BY user_pseudo_id
),
purchase_events AS (
  SELECT
    user_pseudo_id,
    -- GA4 writes '(not set)' where a shop sends no number of the order.
    COALESCE(
      NULLIF(ecommerce.transaction_id, '(not set)'),
      CAST(event_timestamp AS STRING)
    ) AS order_id,
    event_timestamp,
    SUM(items.price * IFNULL(items.quantity, 1)) AS order_value
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE event_name = 'purchase'
  GROUP BY user_pseudo_id, order_id, event_timestamp
),
orders AS (
  -- A page that is loaded again sends its purchase again: the same order, counted once.
  SELECT user_pseudo_id, order_id, MAX(order_value) AS order_value
  FROM purchase_events
  GROUP BY user_pseudo_id, order_id
),
order_stats AS (
  SELECT user_pseudo_id, AVG(order_value) AS average_order_value, COUNT(*) AS no_of_orders
  FROM orders
  GROUP BY user_pseudo_id
)
SELECT
  v.user_pseudo_id,
  v.session_count,
  IFNULL(v.total_time_spend_by_user_in_msec, 0) AS total_time_spend_by_user_in_msec,
  IFNULL(o.average_order_value, 0) AS average_order_value,
  IFNULL(o.no_of_orders, 0) AS no_of_orders
FROM view_stats AS v
LEFT JOIN order_stats AS o ON v.user_pseudo_id = o.user_pseudo_id
