-- Gives one row per product of the shop: its group, its price in dollars and how many users bought
-- it, in all and in each cluster of user_clusters_op, in the order of the names.
WITH lines AS (
  SELECT
    TRIM(items.item_name) AS product,
    items.item_category,
    items.price,
    IF(event_name = 'purchase', user_pseudo_id, NULL) AS buyer_id
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE items.item_name IS NOT NULL
),
products AS (
  SELECT
    product,
    MAX(item_category) AS product_group,
    MAX(price) AS price_usd,
    COUNT(DISTINCT buyer_id) AS buyers
  FROM lines
  GROUP BY product
),
buyers_by_segment AS (
  SELECT l.product, c.centroid_id AS segment_id, COUNT(DISTINCT l.buyer_id) AS buyers
  FROM lines AS l
  JOIN ecommerce_public.user_clusters_op AS c ON c.user_pseudo_id = l.buyer_id
  GROUP BY l.product, segment_id
),
segments AS (
  SELECT
    product,
    ARRAY_AGG(STRUCT(segment_id, buyers) ORDER BY segment_id) AS segment_buyers
  FROM buyers_by_segment
  GROUP BY product
)
SELECT
  p.product,
  p.product_group,
  p.price_usd,
  p.buyers,
  IFNULL(s.segment_buyers, ARRAY<STRUCT<segment_id INT64, buyers INT64>>[]) AS segment_buyers
FROM products AS p
LEFT JOIN segments AS s ON s.product = p.product
ORDER BY p.product
