-- Gives one row per stage of the way to an order, first stage first: how many users reached it.
WITH reached AS (
  SELECT
    COUNT(DISTINCT user_pseudo_id) AS visited,
    COUNT(DISTINCT IF(event_name = 'view_item', user_pseudo_id, NULL)) AS looked_at_a_product,
    COUNT(DISTINCT IF(event_name = 'add_to_cart', user_pseudo_id, NULL)) AS filled_a_cart,
    COUNT(DISTINCT IF(event_name = 'begin_checkout', user_pseudo_id, NULL)) AS began_checkout,
    COUNT(DISTINCT IF(event_name = 'purchase', user_pseudo_id, NULL)) AS bought
  FROM ecommerce_public.events_flat_data
)
SELECT s.name AS stage, s.users
FROM
  reached,
  UNNEST([
    STRUCT(1 AS position, 'visited' AS name, visited AS users),
    (2, 'looked at a product', looked_at_a_product),
    (3, 'filled a cart', filled_a_cart),
    (4, 'began checkout', began_checkout),
    (5, 'bought', bought)
  ]) AS s
ORDER BY s.position
