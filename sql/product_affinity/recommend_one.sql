-- Gives at most five rows for the user @user_pseudo_id, best first: the products product_affinity
-- is most confident of among those the user has not bought yet, with group and price in dollars.
-- None for a user who is not in user_product_matrix.
WITH purchase_lines AS (
  SELECT
    user_pseudo_id,
    TRIM(items.item_name) AS item_name,
    items.item_category,
    items.price
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE event_name = 'purchase'
),
products AS (
  SELECT
    item_name,
    MAX(item_category) AS product_group,
    MAX(price) AS price_usd,
    MAX(IF(user_pseudo_id = @user_pseudo_id, 1, 0)) AS is_bought
  FROM purchase_lines
  GROUP BY item_name
),
recommended AS (
  SELECT
    TRIM(product_recommended) AS product_recommended,
    MAX(predicted_rating_confidence) AS predicted_rating_confidence
  FROM ML.RECOMMEND(
    MODEL ecommerce_public.product_affinity,
    (SELECT @user_pseudo_id AS user_pseudo_id)
  )
  GROUP BY product_recommended
)
SELECT
  r.product_recommended,
  r.predicted_rating_confidence,
  p.product_group,
  p.price_usd
FROM recommended AS r
LEFT JOIN products AS p ON p.item_name = r.product_recommended
WHERE
  IFNULL(p.is_bought, 0) = 0
  -- A user without ratings would get every product with the same confidence.
  AND @user_pseudo_id IN (SELECT user_pseudo_id FROM ecommerce_public.user_product_matrix)
ORDER BY r.predicted_rating_confidence DESC, r.product_recommended
LIMIT 5
