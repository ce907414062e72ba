-- Makes the model product_affinity: weighted matrix factorization of user_product_matrix.
CREATE OR REPLACE MODEL ecommerce_public.product_affinity
OPTIONS (
  model_type = 'matrix_factorization',
  feedback_type = 'implicit',
  user_col = 'user_pseudo_id',
  item_col = 'product_recommended',
  rating_col = 'rating',
  wals_alpha = 40,
  l2_reg = 30,
  num_factors = 15
) AS
SELECT user_pseudo_id, product_recommended, rating
FROM ecommerce_public.user_product_matrix
