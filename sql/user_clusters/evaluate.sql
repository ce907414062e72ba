-- Gives one row: the Davies-Bouldin index and the mean squared distance (in standardised units) of
-- user_clusters over user_stats; lower is better for both.
SELECT davies_bouldin_index, mean_squared_distance
FROM ML.EVALUATE(
  MODEL ecommerce_public.user_clusters,
  (SELECT * EXCEPT (user_pseudo_id) FROM ecommerce_public.user_stats)
)
