-- Gives one row per name of user_product_matrix that is no product's: how many users "rate" it.
WITH products AS (
  SELECT DISTINCT TRIM(items.item_name) AS item_name
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE items.item_name IS NOT NULL
)
SELECT
  TRIM(m.product_recommended) AS name,
  COUNT(DISTINCT m.user_pseudo_id) AS users,
  COUNTIF(m.rating IS NULL) AS ratings_missing
FROM ecommerce_public.user_product_matrix AS m
LEFT JOIN products AS p ON p.item_name = TRIM(m.product_recommended)
WHERE p.item_name IS NULL
GROUP BY name
ORDER BY users DESC, name
