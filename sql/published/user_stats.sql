WITH
ViewStats AS (
 
SELECT
 user_pseudo_id,
 COUNT(
   DISTINCT(SELECT value.int_value FROM UNNEST(event_params) WHERE key = 'ga_session_id'))
   AS session_count,
 SUM(
   (SELECT value.int_value FROM UNNEST(event_params) WHERE key = 'engagement_time_msec'
   )) AS total_time_spend_by_user_in_msec
 
 FROM
 -- Replace table name.
 `ecommerce_public.events_flat_data`
 
 GROUP BY
 1 ORDER bY total_time_spend_by_user_in_msec desc
)
,
 
OrderStats as (
 
 
SELECT
 user_pseudo_id,
     avg(items.price) as average_order_value,
   count(*) as no_of_orders,
 FROM
 `ecommerce_public.events_flat_data`,
 UNNEST(items) AS items
WHERE
 event_name = 'purchase'
 GROUP BY
 1 ORDER bY no_of_orders desc
 
)
,
#Select * from OrderStats
 
UserStats as (
select v.*, o.average_order_value,o.no_of_orders from ViewStats v FULL OUTER JOIN OrderStats o ON v.user_pseudo_id = o.user_pseudo_id
order by o.no_of_orders desc
)
 
SELECT
 *
  EXCEPT(user_pseudo_id)
FROM
 UserStats
