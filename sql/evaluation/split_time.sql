-- Gives one row: the moment before which four fifths of all purchases lie, and of how many buyers
-- these are.
WITH purchases AS (
  SELECT
    user_pseudo_id,
    event_timestamp,
    ROW_NUMBER() OVER (ORDER BY event_timestamp) AS position,
    COUNT(*) OVER () AS purchase_count
  FROM ecommerce_public.events_flat_data
  WHERE event_name = 'purchase'
)
SELECT
  MAX(event_timestamp) AS split_micros,
  COUNT(DISTINCT user_pseudo_id) AS buyers_before
FROM purchases
WHERE position <= 0.8 * purchase_count
