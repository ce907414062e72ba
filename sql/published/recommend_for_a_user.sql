## RECOMMEND for a user
 
 
#standardSQL
SELECT
 *
FROM
 ML.RECOMMEND(MODEL ecommerce_public.product_affinity,
   (
   select '2534169.4418845320' as user_pseudo_id)) order by predicted_rating_confidence desc LIMIT 5
