-- Gives at most @rows rows, one per user of product_affinity, the same ones each time: the products
-- that an endpoint can name, which are 50, and some more, with their confidences, best first.
WITH users AS (
  SELECT w.feature AS user_pseudo_id
  FROM ML.WEIGHTS(MODEL ecommerce_public.product_affinity) AS w
  WHERE w.processed_input = 'user_pseudo_id'
  ORDER BY MD5(w.feature)
  LIMIT @rows
)
SELECT
  r.user_pseudo_id,
  ARRAY_AGG(
    STRUCT(r.product_recommended AS name, r.predicted_rating_confidence AS value)
    ORDER BY r.predicted_rating_confidence DESC, r.product_recommended
    LIMIT 60
  ) AS answer
FROM ML.RECOMMEND(
  MODEL ecommerce_public.product_affinity,
  (SELECT user_pseudo_id FROM users)
) AS r
GROUP BY r.user_pseudo_id
ORDER BY MD5(r.user_pseudo_id)
