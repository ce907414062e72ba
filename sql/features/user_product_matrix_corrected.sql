-- Makes user_product_matrix_corrected: one row per user and product the user bought, put into the
-- cart or looked at; rating says how strongly, from the user's own events: 1 for each piece bought,
-- 0.5 for putting it into the cart, 0.2 for a look. Products are matched by their whole name.
CREATE OR REPLACE TABLE ecommerce_public.user_product_matrix_corrected AS
SELECT
  user_pseudo_id,
  items.item_name AS product_recommended,
  SUM(CASE event_name
    WHEN 'purchase' THEN 1.0 * IFNULL(items.quantity, 1)
    WHEN 'add_to_cart' THEN 0.5
    ELSE 0.2
  END) AS rating
FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
WHERE
  event_name IN ('purchase', 'add_to_cart', 'view_item')
  AND user_pseudo_id IS NOT NULL
  AND items.item_name IS NOT NULL
GROUP BY user_pseudo_id, product_recommended
