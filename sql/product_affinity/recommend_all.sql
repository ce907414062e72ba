-- Makes product_affinity_op: one row per user and rank 1 to 10, the products that product_affinity
-- is most confident of among those the user has not bought yet.
CREATE OR REPLACE TABLE ecommerce_public.product_affinity_op AS
WITH already_bought AS (
  -- The published matrix knows most products by two names, one of them with a blank before it.
  SELECT user_pseudo_id, product_name
  FROM
    ecommerce_public.events_flat_data,
    UNNEST(items) AS items,
    UNNEST([items.item_name, CONCAT(' ', items.item_name)]) AS product_name
  WHERE event_name = 'purchase'
  GROUP BY user_pseudo_id, product_name
),
candidates AS (
  -- Twice as many as wanted, because of the two names. A single sort key lets the engine keep the
  -- best of each user instead of sorting all.
  SELECT
    r.user_pseudo_id,
    TRIM(r.product_recommended) AS product_recommended,
    r.predicted_rating_confidence
  FROM ML.RECOMMEND(MODEL ecommerce_public.product_affinity) AS r
  LEFT JOIN already_bought AS a
    ON a.user_pseudo_id = r.user_pseudo_id AND a.product_name = r.product_recommended
  WHERE a.user_pseudo_id IS NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY r.user_pseudo_id ORDER BY r.predicted_rating_confidence DESC
  ) <= 20
),
products AS (
  SELECT
    user_pseudo_id,
    product_recommended,
    MAX(predicted_rating_confidence) AS predicted_rating_confidence
  FROM candidates
  GROUP BY user_pseudo_id, product_recommended
)
SELECT
  user_pseudo_id,
  ROW_NUMBER() OVER (
    PARTITION BY user_pseudo_id
    ORDER BY predicted_rating_confidence DESC, product_recommended
  ) AS product_rank,
  product_recommended,
  predicted_rating_confidence
FROM products
WHERE TRUE
QUALIFY product_rank <= 10
