-- Gives one row per product of user_product_matrix, by its name there: the lowest rating that a
-- user has of it. The published matrix rates a product the same for every user.
SELECT product_recommended AS product, MIN(rating) AS rating
FROM ecommerce_public.user_product_matrix
WHERE rating IS NOT NULL
GROUP BY product
ORDER BY product
