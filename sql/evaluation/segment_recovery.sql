-- Gives one row per planted segment and cluster: how many users are in both. For samples whose
-- segments are known (planted_users).
SELECT p.segment, c.centroid_id, COUNT(*) AS users
FROM ecommerce_public.planted_users AS p
JOIN ecommerce_public.user_clusters_op AS c ON c.user_pseudo_id = p.user_pseudo_id
GROUP BY p.segment, c.centroid_id
ORDER BY p.segment, c.centroid_id
