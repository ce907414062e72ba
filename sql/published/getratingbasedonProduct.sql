 CREATE FUNCTION ecommerce_public.getratingbasedonProduct(product STRING)
 AS  ((
 select sum(cast(items.quantity as FLOAT64)) from `ecommerce_public.events_flat_data`, UNNEST(items) AS items WHERE  event_name = 'purchase' and items.item_name = product
 ))
