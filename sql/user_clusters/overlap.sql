-- Gives one row per pair of a cluster in user_clusters_op and one in user_clusters_other_op: how
-- many users are in both.
SELECT a.centroid_id, b.centroid_id AS other_id, COUNT(*) AS users
FROM ecommerce_public.user_clusters_op AS a
JOIN ecommerce_public.user_clusters_other_op AS b ON b.user_pseudo_id = a.user_pseudo_id
GROUP BY a.centroid_id, other_id
ORDER BY a.centroid_id, other_id
