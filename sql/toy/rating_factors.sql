-- Gives one row per user and product of toy_taste, and one for all ratings: what the model has
-- learnt of them. The row for all ratings comes first.
SELECT
  CASE processed_input
    WHEN 'user_name' THEN 'user'
    WHEN 'product' THEN 'product'
    ELSE 'all ratings'
  END AS kind,
  IF(processed_input IS NULL, NULL, feature) AS name,
  intercept,
  (SELECT w.weight FROM UNNEST(factor_weights) AS w WHERE w.factor = 1) AS factor_1,
  (SELECT w.weight FROM UNNEST(factor_weights) AS w WHERE w.factor = 2) AS factor_2
FROM ML.WEIGHTS(MODEL ecommerce_public.toy_taste)
ORDER BY kind, name
