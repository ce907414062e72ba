-- Gives one row: how much of what the models need is in events_flat_data, counted in events, in
-- item lines (one per product of a purchase) and in users.
WITH events AS (
  SELECT
    COUNT(*) AS events,
    COUNT(user_pseudo_id) AS events_with_user,
    COUNT(event_timestamp) AS events_with_time,
    COUNT((
      SELECT value.int_value FROM UNNEST(event_params) WHERE key = 'ga_session_id'
    )) AS events_with_session,
    COUNT(DISTINCT user_pseudo_id) AS users,
    COUNT(DISTINCT IF(event_name = 'purchase', user_pseudo_id, NULL)) AS buyers,
    COUNT(IF(event_name = 'purchase', 1, NULL)) AS purchases,
    COUNT(IF(event_name = 'purchase' AND ecommerce.unique_items > 1, 1, NULL))
      AS purchases_of_several,
    MIN(event_timestamp) AS first_event_micros,
    MAX(event_timestamp) AS last_event_micros
  FROM ecommerce_public.events_flat_data
),
item_lines AS (
  SELECT
    COUNT(*) AS item_lines,
    COUNT(items.item_name) AS item_lines_with_name,
    COUNT(items.price) AS item_lines_with_price,
    COUNT(items.quantity) AS item_lines_with_quantity,
    COUNT(DISTINCT items.item_name) AS products
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE event_name = 'purchase'
)
SELECT *
FROM events
CROSS JOIN item_lines
