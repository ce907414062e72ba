-- Gives one row per figure, in the order of reading: what it is in user_stats and what it is in
-- user_stats_corrected. A user who never bought has a NULL in the one and 0 in the other.
WITH published AS (
  SELECT
    COUNT(*) AS users,
    COUNTIF(no_of_orders IS NULL) AS never_bought,
    SUM(no_of_orders) AS orders,
    AVG(no_of_orders) AS orders_per_buyer,
    AVG(average_order_value) AS value_per_buyer,
    -- Training puts the mean in the place of a NULL.
    AVG(no_of_orders) AS orders_seen,
    AVG(average_order_value) AS value_seen
  FROM ecommerce_public.user_stats
),
corrected AS (
  SELECT
    COUNT(*) AS users,
    COUNTIF(no_of_orders = 0) AS never_bought,
    SUM(no_of_orders) AS orders,
    AVG(NULLIF(no_of_orders, 0)) AS orders_per_buyer,
    AVG(IF(no_of_orders > 0, average_order_value, NULL)) AS value_per_buyer,
    0 AS orders_seen,
    0 AS value_seen
  FROM ecommerce_public.user_stats_corrected
)
SELECT f.figure, f.published, f.corrected
FROM
  published AS p,
  corrected AS c,
  UNNEST([
    STRUCT(
      1 AS position,
      'users' AS figure,
      CAST(p.users AS FLOAT64) AS published,
      CAST(c.users AS FLOAT64) AS corrected
    ),
    (2, 'users who never bought', p.never_bought, c.never_bought),
    (3, 'no_of_orders, sum over all users', p.orders, c.orders),
    (4, 'no_of_orders, mean of buyers', p.orders_per_buyer, c.orders_per_buyer),
    (5, 'average_order_value, mean of buyers', p.value_per_buyer, c.value_per_buyer),
    (6, 'no_of_orders that training sees where nothing was bought', p.orders_seen, c.orders_seen),
    (7, 'average_order_value that training sees there', p.value_seen, c.value_seen)
  ]) AS f
ORDER BY f.position
