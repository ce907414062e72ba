-- Gives one row for the user @user_pseudo_id, also for an unknown one: the products bought, and no
-- segment as user_clusters_op is not there.
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
  CAST(NULL AS INT64) AS segment_id
