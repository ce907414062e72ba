-- Makes the model user_clusters: k-means over the four numbers known of each user in user_stats.
CREATE OR REPLACE MODEL ecommerce_public.user_clusters
OPTIONS (
  model_type = 'kmeans',
  kmeans_init_method = 'KMEANS++',
  num_clusters = 4,
  standardize_features = TRUE
) AS
SELECT * EXCEPT (user_pseudo_id)
FROM ecommerce_public.user_stats
