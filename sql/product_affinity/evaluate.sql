-- Gives one row: how well product_affinity ranks the very rows it was trained on. It says nothing
-- about products a user does not know yet; sql/evaluation does.
SELECT
  mean_average_precision,
  mean_squared_error,
  normalized_discounted_cumulative_gain,
  average_rank
FROM ML.EVALUATE(MODEL ecommerce_public.product_affinity)
