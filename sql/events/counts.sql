-- Gives one row per kind of event in events_flat_data, most frequent first: how many events of how
-- many users.
SELECT event_name, COUNT(*) AS events, COUNT(DISTINCT user_pseudo_id) AS users
FROM ecommerce_public.events_flat_data
GROUP BY event_name
ORDER BY events DESC, event_name
