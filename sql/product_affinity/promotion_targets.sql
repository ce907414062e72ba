-- Gives at most @rows rows: the users to whom an offer for the product @product goes, those
-- product_affinity is most confident of among the users who have not bought it, best first.
WITH product_events AS (
  SELECT
    e.user_pseudo_id,
    e.event_name,
    TRIM(items.item_name) = @product AS is_product,
    items.item_category,
    IFNULL(items.quantity, 1) AS pieces
  FROM ecommerce_public.events_flat_data AS e, UNNEST(e.items) AS items
),
product_group AS (
  SELECT MAX(item_category) AS item_category
  FROM product_events
  WHERE is_product
),
users AS (
  SELECT
    e.user_pseudo_id,
    COUNTIF(e.is_product AND e.event_name = 'purchase') AS purchases,
    COUNTIF(e.is_product AND e.event_name = 'view_item') AS looks,
    SUM(IF(e.item_category = g.item_category AND e.event_name = 'purchase', e.pieces, 0))
      AS pieces_of_group
  FROM product_events AS e
  CROSS JOIN product_group AS g
  GROUP BY e.user_pseudo_id
)
SELECT
  r.user_pseudo_id,
  r.predicted_rating_confidence,
  IFNULL(u.looks, 0) AS looks,
  IFNULL(u.pieces_of_group, 0) AS pieces_of_group
FROM ML.RECOMMEND(
  MODEL ecommerce_public.product_affinity,
  (SELECT @product AS product_recommended)
) AS r
LEFT JOIN users AS u ON u.user_pseudo_id = r.user_pseudo_id
WHERE
  IFNULL(u.purchases, 0) = 0
  -- For a product without ratings the model would give every user the same confidence.
  AND @product IN (SELECT product_recommended FROM ecommerce_public.user_product_matrix)
ORDER BY r.predicted_rating_confidence DESC, r.user_pseudo_id
LIMIT @rows
