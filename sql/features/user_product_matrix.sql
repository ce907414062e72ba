-- Makes user_product_matrix: one row per user and product "bought together" with one of the user's
-- own, as the walk-through defines it; rating is the product's total sales in pieces. Names match
-- by substring and are split at commas; user_product_matrix_corrected says what to use instead.
-- The published query compares every purchase with every other user's; this one compares each
-- product once and gives the same rows.
CREATE OR REPLACE TABLE ecommerce_public.user_product_matrix AS
WITH purchase_lines AS (
  SELECT
    user_pseudo_id,
    event_timestamp,
    items.item_name,
    items.quantity,
    ecommerce.unique_items
  FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
  WHERE event_name = 'purchase'
),
user_purchases AS (
  SELECT user_pseudo_id, item_name
  FROM purchase_lines
  WHERE user_pseudo_id IS NOT NULL
  GROUP BY user_pseudo_id, item_name
),
product_sales AS (
  SELECT item_name, SUM(CAST(quantity AS FLOAT64)) AS quantity_sold
  FROM purchase_lines
  GROUP BY item_name
),
bought_together AS (
  -- One row per user who ever ordered two products at once: their names in one text. The published
  -- query leaves the order of the names open, and with it which of them gets no blank before it.
  SELECT
    user_pseudo_id AS buyer_id,
    STRING_AGG(item_name, ', ' ORDER BY event_timestamp, item_name) AS product_names
  FROM purchase_lines
  WHERE unique_items > 1 AND user_pseudo_id IS NOT NULL
  GROUP BY user_pseudo_id
),
companions AS (
  -- One row per product and product bought with it; a buyer is no companion of his own. Splitting
  -- at commas leaves a blank before all names but the first, which stays in the published name.
  SELECT
    s.item_name,
    product_recommended,
    TRIM(product_recommended) AS trimmed_name,
    COUNT(DISTINCT b.buyer_id) AS buyer_count,
    MIN(b.buyer_id) AS a_buyer_id
  FROM product_sales AS s
  JOIN bought_together AS b ON b.product_names LIKE CONCAT('%', s.item_name, '%')
  CROSS JOIN UNNEST(SPLIT(b.product_names, ',')) AS product_recommended
  WHERE TRIM(product_recommended) <> TRIM(s.item_name)
  GROUP BY s.item_name, product_recommended, trimmed_name
),
recommended AS (
  SELECT p.user_pseudo_id, c.product_recommended, c.trimmed_name
  FROM user_purchases AS p
  JOIN companions AS c ON c.item_name = p.item_name
  WHERE c.buyer_count > 1 OR c.a_buyer_id <> p.user_pseudo_id
  GROUP BY p.user_pseudo_id, c.product_recommended, c.trimmed_name
),
already_bought AS (
  SELECT DISTINCT user_pseudo_id, TRIM(item_name) AS trimmed_name
  FROM user_purchases
)
SELECT r.user_pseudo_id, r.product_recommended, s.quantity_sold AS rating
FROM recommended AS r
LEFT JOIN product_sales AS s ON s.item_name = r.trimmed_name
LEFT JOIN already_bought AS a
  ON a.user_pseudo_id = r.user_pseudo_id AND a.trimmed_name = r.trimmed_name
WHERE a.user_pseudo_id IS NULL
