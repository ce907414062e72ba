-- Gives one row per product of product_affinity: its vector of factors, with group and price in
-- dollars, in the order of the names.
WITH products AS (
  SELECT
    TRIM(items.item_name) AS item_name,
    MAX(items.item_category) AS product_group,
    MAX(items.price) AS price_usd
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  GROUP BY item_name
)
SELECT
  w.feature AS product,
  p.product_group,
  p.price_usd,
  ARRAY(SELECT f.weight FROM UNNEST(w.factor_weights) AS f ORDER BY f.factor) AS factors
FROM ML.WEIGHTS(MODEL ecommerce_public.product_affinity) AS w
LEFT JOIN products AS p ON p.item_name = TRIM(w.feature)
WHERE w.processed_input = 'product_recommended'
ORDER BY product
