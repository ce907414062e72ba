-- Gives one row per product whose name is part of another product's name, so that a search by
-- substring takes the other's buyers for its own: how many users bought it and how many are found.
WITH purchases AS (
  SELECT
    user_pseudo_id,
    TRIM(items.item_name) AS item_name,
    MAX(items.item_category) AS product_group
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE event_name = 'purchase'
  GROUP BY user_pseudo_id, item_name
),
products AS (
  SELECT item_name, MAX(product_group) AS product_group
  FROM purchases
  GROUP BY item_name
)
SELECT
  p.item_name,
  p.product_group,
  STRING_AGG(
    DISTINCT IF(m.item_name = p.item_name, NULL, m.item_name), ' · '
    ORDER BY IF(m.item_name = p.item_name, NULL, m.item_name)
  ) AS also_found,
  COUNT(DISTINCT IF(m.item_name = p.item_name, m.user_pseudo_id, NULL)) AS buyers,
  COUNT(DISTINCT m.user_pseudo_id) AS buyers_found
FROM products AS p
JOIN purchases AS m ON STRPOS(m.item_name, p.item_name) > 0
GROUP BY p.item_name, p.product_group
HAVING COUNT(DISTINCT m.item_name) > 1
ORDER BY buyers_found - buyers DESC, p.item_name
