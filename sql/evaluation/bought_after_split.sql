-- Gives one row per user of events_before_split who bought something new after @split_micros
-- (microseconds since 1970): the names of the products that were new to the user.
WITH before AS (
  SELECT user_pseudo_id, TRIM(items.item_name) AS item_name
  FROM ecommerce_public.events_before_split, UNNEST(items) AS items
  WHERE event_name = 'purchase'
  GROUP BY user_pseudo_id, item_name
),
users AS (
  SELECT user_pseudo_id
  FROM before
  GROUP BY user_pseudo_id
),
after AS (
  SELECT e.user_pseudo_id, TRIM(items.item_name) AS item_name
  FROM ecommerce_public.events_flat_data AS e, UNNEST(e.items) AS items
  WHERE e.event_name = 'purchase' AND e.event_timestamp > @split_micros
  GROUP BY e.user_pseudo_id, item_name
)
SELECT a.user_pseudo_id, ARRAY_AGG(a.item_name ORDER BY a.item_name) AS products
FROM after AS a
JOIN users AS u ON u.user_pseudo_id = a.user_pseudo_id
LEFT JOIN before AS b ON b.user_pseudo_id = a.user_pseudo_id AND b.item_name = a.item_name
WHERE b.user_pseudo_id IS NULL AND a.item_name IS NOT NULL
GROUP BY a.user_pseudo_id
ORDER BY a.user_pseudo_id
