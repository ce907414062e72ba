-- Gives at most two rows, users to show results for: those of the walk-through where they are among
-- the buyers, else those with the most purchases.
SELECT user_pseudo_id
FROM ecommerce_public.events_flat_data
WHERE event_name = 'purchase' AND user_pseudo_id IS NOT NULL
GROUP BY user_pseudo_id
ORDER BY
  IF(user_pseudo_id IN ('5053424.7664335544', '2534169.4418845320'), 0, 1),
  COUNT(*) DESC,
  user_pseudo_id
LIMIT 2
