-- Gives one row: how many products had been sold in events_before_split, and to how many users.
SELECT
  COUNT(DISTINCT TRIM(items.item_name)) AS products,
  COUNT(DISTINCT user_pseudo_id) AS buyers
FROM ecommerce_public.events_before_split, UNNEST(items) AS items
WHERE event_name = 'purchase'
