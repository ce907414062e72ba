-- Gives one row per product of the shop: its group, its price in dollars and how many users bought
-- it, in the order of the names; no segments as user_clusters_op is not there.
SELECT
  TRIM(items.item_name) AS product,
  MAX(items.item_category) AS product_group,
  MAX(items.price) AS price_usd,
  COUNT(DISTINCT IF(event_name = 'purchase', user_pseudo_id, NULL)) AS buyers,
  ARRAY<STRUCT<segment_id INT64, buyers INT64>>[] AS segment_buyers
FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
WHERE items.item_name IS NOT NULL
GROUP BY product
ORDER BY product
