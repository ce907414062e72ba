-- Gives one row: how large user_product_matrix is and what its ratings are like. Names that
-- differ by blanks around them only are one product.
WITH names AS (
  SELECT
    product_recommended,
    COUNT(*) AS ratings,
    COUNTIF(rating IS NULL) AS ratings_missing,
    COUNT(DISTINCT rating) AS different_ratings
  FROM ecommerce_public.user_product_matrix
  GROUP BY product_recommended
)
SELECT
  (SELECT COUNT(DISTINCT user_pseudo_id) FROM ecommerce_public.user_product_matrix) AS users,
  COUNT(*) AS names,
  COUNT(DISTINCT TRIM(product_recommended)) AS products,
  SUM(ratings) AS ratings,
  SUM(ratings_missing) AS ratings_missing,
  -- Of the names that more than one user rates.
  COUNTIF(ratings > 1 AND different_ratings < 2) / NULLIF(COUNTIF(ratings > 1), 0)
    AS share_rated_alike
FROM names
