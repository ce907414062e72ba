-- Makes the model toy_taste: two factors for each user and product of toy_ratings.
CREATE OR REPLACE MODEL ecommerce_public.toy_taste
OPTIONS (
  model_type = 'matrix_factorization',
  feedback_type = 'explicit',
  user_col = 'user_name',
  item_col = 'product',
  rating_col = 'rating',
  l2_reg = 0.2,
  num_factors = 2
) AS
SELECT user_name, product, rating
FROM ecommerce_public.toy_ratings
