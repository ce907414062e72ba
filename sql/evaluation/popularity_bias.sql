-- Gives one row per fifth of the products, 1 the most bought: its share of the purchases learnt
-- from, and of the products that product_affinity_op recommends.
WITH bought AS (
  SELECT TRIM(items.item_name) AS product, COUNT(DISTINCT user_pseudo_id) AS buyers
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE event_name = 'purchase'
  GROUP BY product
),
recommended AS (
  SELECT product_recommended AS product, COUNT(*) AS recommendations
  FROM ecommerce_public.product_affinity_op
  GROUP BY product
),
fifths AS (
  SELECT
    NTILE(5) OVER (ORDER BY b.buyers DESC, b.product) AS fifth,
    b.buyers,
    IFNULL(r.recommendations, 0) AS recommendations
  FROM bought AS b
  LEFT JOIN recommended AS r ON r.product = b.product
)
SELECT
  fifth,
  COUNT(*) AS products,
  SUM(buyers) / SUM(SUM(buyers)) OVER () AS share_of_purchases,
  SUM(recommendations) / SUM(SUM(recommendations)) OVER () AS share_of_recommendations
FROM fifths
GROUP BY fifth
ORDER BY fifth
