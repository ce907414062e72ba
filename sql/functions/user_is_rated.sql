-- Gives one row for the user @user_pseudo_id, also for an unknown one: whether user_product_matrix
-- rates products for the user.
SELECT
  EXISTS(
    SELECT user_pseudo_id
    FROM ecommerce_public.user_product_matrix
    WHERE user_pseudo_id = @user_pseudo_id AND rating IS NOT NULL
  ) AS is_rated
