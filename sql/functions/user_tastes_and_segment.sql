-- Gives one row for the user @user_pseudo_id, also for an unknown one: the products bought, and the
-- cluster in user_clusters_op.
SELECT
  ARRAY(
    SELECT TRIM(items.item_name) AS product
    FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
    WHERE
      event_name = 'purchase'
      AND user_pseudo_id = @user_pseudo_id
      AND items.item_name IS NOT NULL
    GROUP BY product
    ORDER BY product
  ) AS bought,
  (
    SELECT MIN(centroid_id)
    FROM ecommerce_public.user_clusters_op
    WHERE user_pseudo_id = @user_pseudo_id
  ) AS segment_id
