-- Gives one row per product the user @user_pseudo_id has bought, most pieces first.
SELECT
  TRIM(items.item_name) AS item_name,
  MAX(items.item_category) AS product_group,
  SUM(IFNULL(items.quantity, 1)) AS pieces
FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
WHERE event_name = 'purchase' AND user_pseudo_id = @user_pseudo_id
GROUP BY item_name
ORDER BY pieces DESC, item_name
