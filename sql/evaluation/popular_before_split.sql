-- Gives one row per user of events_before_split: the ten products most users had bought, best
-- first, without those the user had bought already. Any model must beat this.
WITH bought AS (
  SELECT user_pseudo_id, TRIM(items.item_name) AS item_name
  FROM ecommerce_public.events_before_split, UNNEST(items) AS items
  WHERE event_name = 'purchase'
  GROUP BY user_pseudo_id, item_name
),
popular AS (
  SELECT item_name, COUNT(*) AS buyers
  FROM bought
  GROUP BY item_name
),
users AS (
  SELECT user_pseudo_id
  FROM bought
  GROUP BY user_pseudo_id
),
ranked AS (
  SELECT
    u.user_pseudo_id,
    p.item_name,
    ROW_NUMBER() OVER (
      PARTITION BY u.user_pseudo_id ORDER BY p.buyers DESC, p.item_name
    ) AS product_rank
  FROM users AS u
  CROSS JOIN popular AS p
  LEFT JOIN bought AS b ON b.user_pseudo_id = u.user_pseudo_id AND b.item_name = p.item_name
  WHERE b.user_pseudo_id IS NULL
)
SELECT user_pseudo_id, ARRAY_AGG(item_name ORDER BY product_rank) AS products
FROM ranked
WHERE product_rank <= 10
GROUP BY user_pseudo_id
ORDER BY user_pseudo_id
