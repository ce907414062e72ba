-- Gives one row per user of events_before_split: ten products from the groups the user buys from,
-- best first, without those the user had bought. A product counts by its share of its group's
-- buyers times the group's share of the user's purchases. It takes no training.
WITH bought AS (
  SELECT
    user_pseudo_id,
    TRIM(items.item_name) AS item_name,
    IFNULL(MAX(items.item_category), '(not set)') AS product_group
  FROM ecommerce_public.events_before_split, UNNEST(items) AS items
  WHERE event_name = 'purchase'
  GROUP BY user_pseudo_id, item_name
),
tastes AS (
  SELECT
    user_pseudo_id,
    product_group,
    COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY user_pseudo_id) AS share_of_user
  FROM bought
  GROUP BY user_pseudo_id, product_group
),
products AS (
  SELECT
    item_name,
    product_group,
    COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY product_group) AS share_of_group
  FROM bought
  GROUP BY item_name, product_group
),
ranked AS (
  SELECT
    t.user_pseudo_id,
    p.item_name,
    ROW_NUMBER() OVER (
      PARTITION BY t.user_pseudo_id
      ORDER BY t.share_of_user * p.share_of_group DESC, p.item_name
    ) AS product_rank
  FROM tastes AS t
  JOIN products AS p ON p.product_group = t.product_group
  LEFT JOIN bought AS b ON b.user_pseudo_id = t.user_pseudo_id AND b.item_name = p.item_name
  WHERE b.user_pseudo_id IS NULL
)
SELECT user_pseudo_id, ARRAY_AGG(item_name ORDER BY product_rank) AS products
FROM ranked
WHERE product_rank <= 10
GROUP BY user_pseudo_id
ORDER BY user_pseudo_id
