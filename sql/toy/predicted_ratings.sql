-- Gives one row per user and product of toy_ratings: the rating given, NULL where none was, and the
-- one that toy_taste predicts.
SELECT r.user_name, r.product, t.rating AS given, r.predicted_rating AS predicted
FROM ML.RECOMMEND(MODEL ecommerce_public.toy_taste) AS r
LEFT JOIN ecommerce_public.toy_ratings AS t
  ON t.user_name = r.user_name AND t.product = r.product
ORDER BY r.user_name, r.product
