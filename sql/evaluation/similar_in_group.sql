-- Gives one row per product group: of the @rows products nearest to each of its products by the
-- factors of product_affinity, the share that is of the same group, and the share by chance.
WITH weights AS (
  SELECT w.feature AS product, f.factor, f.weight
  FROM ML.WEIGHTS(MODEL ecommerce_public.product_affinity) AS w, UNNEST(w.factor_weights) AS f
  WHERE w.processed_input = 'product_recommended'
),
directions AS (
  SELECT
    product,
    factor,
    SAFE_DIVIDE(weight, SQRT(SUM(weight * weight) OVER (PARTITION BY product))) AS weight
  FROM weights
),
catalogue AS (
  SELECT
    TRIM(items.item_name) AS item_name,
    IFNULL(MAX(items.item_category), '(not set)') AS product_group
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  GROUP BY item_name
),
products AS (
  SELECT w.product, c.product_group
  FROM (SELECT DISTINCT product FROM weights) AS w
  JOIN catalogue AS c ON c.item_name = TRIM(w.product)
),
neighbours AS (
  SELECT
    a.product,
    b.product AS neighbour,
    ROW_NUMBER() OVER (
      PARTITION BY a.product ORDER BY SUM(a.weight * b.weight) DESC, b.product
    ) AS position
  FROM directions AS a
  JOIN directions AS b ON b.factor = a.factor AND b.product <> a.product
  GROUP BY a.product, b.product
)
SELECT
  p.product_group,
  COUNT(DISTINCT p.product) AS products,
  AVG(IF(q.product_group = p.product_group, 1, 0)) AS share_in_group,
  SAFE_DIVIDE(COUNT(DISTINCT p.product) - 1, (SELECT COUNT(*) FROM products) - 1) AS share_by_chance
FROM neighbours AS n
JOIN products AS p ON p.product = n.product
JOIN products AS q ON q.product = n.neighbour
WHERE n.position <= @rows
GROUP BY p.product_group
ORDER BY share_in_group DESC, p.product_group
