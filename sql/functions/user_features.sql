-- Gives one row for the user @user_pseudo_id, none for one of whom user_stats knows nothing: the
-- numbers known of the user, NULL where there is none.
SELECT session_count, total_time_spend_by_user_in_msec, average_order_value, no_of_orders
FROM ecommerce_public.user_stats
WHERE user_pseudo_id = @user_pseudo_id
