-- Gives at most @rows rows: the products nearest to the product @product by the angle between their
-- factors in product_affinity, nearest first. similarity is the cosine of the angle, -1 to 1.
WITH weights AS (
  SELECT w.feature AS product, f.factor, f.weight
  FROM ML.WEIGHTS(MODEL ecommerce_public.product_affinity) AS w, UNNEST(w.factor_weights) AS f
  WHERE w.processed_input = 'product_recommended'
),
lengths AS (
  SELECT product, SQRT(SUM(weight * weight)) AS vector_length
  FROM weights
  GROUP BY product
),
products AS (
  SELECT
    TRIM(items.item_name) AS item_name,
    MAX(items.item_category) AS product_group,
    MAX(items.price) AS price_usd
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  GROUP BY item_name
),
dot_products AS (
  SELECT b.product, SUM(a.weight * b.weight) AS dot_product
  FROM weights AS a
  JOIN weights AS b ON b.factor = a.factor
  WHERE a.product = @product AND b.product <> @product
  GROUP BY b.product
)
SELECT
  d.product,
  SAFE_DIVIDE(d.dot_product, own.vector_length * other.vector_length) AS similarity,
  p.product_group,
  p.price_usd
FROM dot_products AS d
JOIN lengths AS own ON own.product = @product
JOIN lengths AS other ON other.product = d.product
LEFT JOIN products AS p ON p.item_name = TRIM(d.product)
ORDER BY similarity DESC, d.product
LIMIT @rows
