-- Gives five rows for the user @user_pseudo_id as the walk-through asks for them: the highest
-- confidences of product_affinity, whatever the user has bought already.
SELECT product_recommended, predicted_rating_confidence
FROM ML.RECOMMEND(
  MODEL ecommerce_public.product_affinity,
  (SELECT @user_pseudo_id AS user_pseudo_id)
)
ORDER BY predicted_rating_confidence DESC, product_recommended
LIMIT 5
