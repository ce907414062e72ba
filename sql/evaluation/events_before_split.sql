-- Makes events_before_split: one row per event about products, up to @split_micros (microseconds
-- since 1970), of the users drawn for the evaluation: every @one_in-th buyer in the order of their
-- ids, beginning with number @seed modulo @one_in.
CREATE OR REPLACE TABLE ecommerce_public.events_before_split AS
WITH buyers AS (
  SELECT user_pseudo_id
  FROM ecommerce_public.events_flat_data
  WHERE event_name = 'purchase' AND event_timestamp <= @split_micros
  GROUP BY user_pseudo_id
),
drawn AS (
  SELECT user_pseudo_id
  FROM buyers
  WHERE user_pseudo_id IS NOT NULL
  QUALIFY MOD(ROW_NUMBER() OVER (ORDER BY user_pseudo_id) + @seed, @one_in) = 0
)
SELECT e.*
FROM ecommerce_public.events_flat_data AS e
JOIN drawn AS d ON d.user_pseudo_id = e.user_pseudo_id
WHERE
  e.event_timestamp <= @split_micros
  AND e.event_name IN ('purchase', 'add_to_cart', 'view_item')
