-- Gives at most @rows rows: the highest ratings of user_product_matrix for the user
-- @user_pseudo_id, with the product's group and whether the user has bought it.
WITH products AS (
  SELECT
    TRIM(items.item_name) AS item_name,
    MAX(items.item_category) AS product_group,
    COUNTIF(event_name = 'purchase' AND user_pseudo_id = @user_pseudo_id) > 0 AS is_bought
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  GROUP BY item_name
)
SELECT m.product_recommended, p.product_group, IFNULL(p.is_bought, FALSE) AS is_bought, m.rating
FROM ecommerce_public.user_product_matrix AS m
LEFT JOIN products AS p ON p.item_name = TRIM(m.product_recommended)
WHERE m.user_pseudo_id = @user_pseudo_id
ORDER BY m.rating DESC, m.product_recommended
LIMIT @rows
