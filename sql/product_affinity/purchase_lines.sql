-- Gives at most @rows rows, one per order and product: the first purchases of products that were
-- ordered together with others, in the order of their time.
SELECT
  FORMAT_TIMESTAMP('%F %H:%M', TIMESTAMP_MICROS(event_timestamp)) AS time_utc,
  user_pseudo_id,
  items.item_name,
  items.item_category AS product_group,
  IFNULL(items.quantity, 1) AS pieces,
  items.price AS price_usd
FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
WHERE event_name = 'purchase' AND ecommerce.unique_items > 1
ORDER BY event_timestamp, user_pseudo_id, items.item_name
LIMIT @rows
