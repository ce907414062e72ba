-- Gives one row per user of events_before_split: how many different products the user had bought.
SELECT user_pseudo_id, COUNT(DISTINCT TRIM(items.item_name)) AS products
FROM ecommerce_public.events_before_split, UNNEST(items) AS items
WHERE event_name = 'purchase'
GROUP BY user_pseudo_id
ORDER BY user_pseudo_id
