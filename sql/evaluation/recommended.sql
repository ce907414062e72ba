-- Gives one row per user of product_affinity_op: the products recommended, best first.
SELECT
  user_pseudo_id,
  ARRAY_AGG(product_recommended ORDER BY product_rank) AS products
FROM ecommerce_public.product_affinity_op
GROUP BY user_pseudo_id
ORDER BY user_pseudo_id
