-- Gives one row: how often the walk-through's query for user_product_matrix looks for a product's
-- name in a text. It holds each product of each user against the texts of all users who ever
-- ordered two products at once.
WITH purchases AS (
  SELECT user_pseudo_id, items.item_name, MAX(ecommerce.unique_items) AS unique_items
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE event_name = 'purchase'
  GROUP BY user_pseudo_id, items.item_name
)
SELECT
  COUNT(DISTINCT user_pseudo_id) AS buyers,
  COUNT(*) AS products_of_buyers,
  COUNT(DISTINCT IF(unique_items > 1, user_pseudo_id, NULL)) AS users_with_text,
  COUNT(*) * COUNT(DISTINCT IF(unique_items > 1, user_pseudo_id, NULL)) AS comparisons
FROM purchases
