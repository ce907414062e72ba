-- Gives one row per product group and way to choose @targets users for an offer of one of its
-- products: the share of them who bought the product, or any product of its group, after
-- @split_micros (microseconds since 1970); the mean over the group's products. Nobody who had
-- bought the product before is chosen. "random" is what as many users drawn at random would do on
-- average: the share of all who could have been chosen.
WITH before AS (
  SELECT
    user_pseudo_id,
    TRIM(items.item_name) AS product,
    IFNULL(MAX(items.item_category), '(not set)') AS product_group,
    SUM(IFNULL(items.quantity, 1)) AS pieces
  FROM ecommerce_public.events_before_split, UNNEST(items) AS items
  WHERE event_name = 'purchase'
  GROUP BY user_pseudo_id, product
),
products AS (
  SELECT product, MAX(product_group) AS product_group FROM before GROUP BY product
),
users AS (
  SELECT user_pseudo_id, SUM(pieces) AS pieces FROM before GROUP BY user_pseudo_id
),
of_group AS (
  SELECT user_pseudo_id, product_group, SUM(pieces) AS pieces
  FROM before
  GROUP BY user_pseudo_id, product_group
),
after AS (
  SELECT
    user_pseudo_id,
    TRIM(items.item_name) AS product,
    IFNULL(MAX(items.item_category), '(not set)') AS product_group
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE event_name = 'purchase' AND event_timestamp > @split_micros
  GROUP BY user_pseudo_id, product
),
after_group AS (
  SELECT DISTINCT user_pseudo_id, product_group FROM after
),
candidates AS (
  SELECT
    p.product,
    p.product_group,
    IF(a.user_pseudo_id IS NULL, 0, 1) AS bought_product,
    IF(h.user_pseudo_id IS NULL, 0, 1) AS bought_group,
    ROW_NUMBER() OVER (PARTITION BY p.product
      ORDER BY r.predicted_rating_confidence DESC, u.user_pseudo_id) AS model_rank,
    ROW_NUMBER() OVER (PARTITION BY p.product
      ORDER BY IFNULL(g.pieces, 0) DESC, u.pieces DESC, u.user_pseudo_id) AS group_rank,
    ROW_NUMBER() OVER (PARTITION BY p.product
      ORDER BY u.pieces DESC, u.user_pseudo_id) AS active_rank
  FROM products AS p
  CROSS JOIN users AS u
  JOIN ML.RECOMMEND(MODEL ecommerce_public.product_affinity) AS r
    ON r.user_pseudo_id = u.user_pseudo_id AND r.product_recommended = p.product
  LEFT JOIN before AS b ON b.user_pseudo_id = u.user_pseudo_id AND b.product = p.product
  LEFT JOIN of_group AS g
    ON g.user_pseudo_id = u.user_pseudo_id AND g.product_group = p.product_group
  LEFT JOIN after AS a ON a.user_pseudo_id = u.user_pseudo_id AND a.product = p.product
  LEFT JOIN after_group AS h
    ON h.user_pseudo_id = u.user_pseudo_id AND h.product_group = p.product_group
  WHERE b.user_pseudo_id IS NULL
),
by_product AS (
  SELECT
    product_group, way, AVG(bought_product) AS bought_product, AVG(bought_group) AS bought_group
  FROM candidates, UNNEST([
    STRUCT('model' AS way, model_rank AS position), ('bought most of the group', group_rank),
    ('bought most', active_rank), ('random', 0)
  ])
  WHERE position <= @targets
  GROUP BY product, product_group, way
)
SELECT
  product_group,
  way,
  AVG(bought_product) AS share_bought_product,
  AVG(bought_group) AS share_bought_group
FROM by_product
GROUP BY product_group, way
ORDER BY product_group, way
