-- Gives one row for the user @user_pseudo_id, also for an unknown one: the products bought, whether
-- user_product_matrix rates products for the user, and no segment as user_clusters_op is not there.
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
  EXISTS(
    SELECT user_pseudo_id
    FROM ecommerce_public.user_product_matrix
    WHERE user_pseudo_id = @user_pseudo_id AND rating IS NOT NULL
  ) AS is_rated,
  CAST(NULL AS INT64) AS segment_id
