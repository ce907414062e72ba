-- Gives one row per number that user_clusters knows of a user: its mean in training, which takes
-- the place of NULL.
SELECT input AS feature, mean
FROM ML.FEATURE_INFO(MODEL ecommerce_public.user_clusters)
WHERE mean IS NOT NULL
ORDER BY feature
