## evaluate
 
#standardSQL
SELECT
 *
FROM
 ML.EVALUATE(MODEL ecommerce_public.product_affinity,
   (
   WITH UniqueUsersList As ( ## get all unique  users
select distinct(user_pseudo_id) from `ecommerce_public.events_flat_data`
),
UserPurchaseEvents AS ( ## get all purchase orders
   SELECT
     user_pseudo_id,
     items.item_name
   FROM
     `ecommerce_public.events_flat_data`,
     UNNEST(items) AS items
   WHERE  event_name = 'purchase' group by 1,2
)
,
 
ProductBoughtTogetherHistorically as ( ## get all items which are bought together
  select user_pseudo_id as prevUserId, STRING_AGG(items.item_name, ', ') AS productsBoughtTogether   from `ecommerce_public.events_flat_data`, UNNEST(items) AS items WHERE  event_name =         'purchase' and ecommerce.unique_items > 1 group by 1
)
,
#select * from ProductBoughtTogetherHistorically
UserProductRecommendations AS ( ## for all items purchased by user in an order prepare the list of other items bought together
select user_pseudo_id,cust_prev_purchase,split(productsBoughtTogether,',') AS product from
(
 select b.*,a.* from
   ProductBoughtTogetherHistorically a,
 
 
(select user_pseudo_id,item_name AS cust_prev_purchase from UserPurchaseEvents  where user_pseudo_id in
(select user_pseudo_id from UniqueUsersList )
) b
where a.productsBoughtTogether like CONCAT('%',
            CAST(b.cust_prev_purchase AS STRING),'%' )  ## Compare each itemn in an order with orders bought historically and prepare a list of items bought together
and user_pseudo_id != prevUSerId   ## remove if the product in an order is same as the compared order historically
)
)
,
#select * from UserProductRecommendations
UserProductMatrix as
(select UserProductRecommendations.user_pseudo_id,
#cust_prev_purchase,
product_recommended,
ecommerce_public.getratingbasedonProduct(TRIM(product_recommended)) as rating
from
UserProductRecommendations CROSS JOIN UNNEST(UserProductRecommendations.product) AS product_recommended
where TRIM(product_recommended) <> TRIM(UserProductRecommendations.cust_prev_purchase)  ###  , remove if the previous order is the same as the current order
group by user_pseudo_id, product_recommended
order by user_pseudo_id) 
select * from UserProductMatrix l
where not exists
(
  select 1 from UserPurchaseEvents
where user_pseudo_id = l.user_pseudo_id and  Trim(item_name) = Trim(l.product_recommended)## check if an item in the recommendation list is already bought by the user, if so remove it
)
order by user_pseudo_id))
