-- Gives one row per event, the first @rows of events_flat_data, with what the models use of its
-- nested columns: the session, milliseconds of attention, and how many products it is about.
SELECT
  FORMAT_TIMESTAMP('%F %T', TIMESTAMP_MICROS(event_timestamp)) AS time_utc,
  user_pseudo_id,
  event_name,
  (SELECT value.int_value FROM UNNEST(event_params) WHERE key = 'ga_session_id')
    AS ga_session_id,
  (SELECT value.int_value FROM UNNEST(event_params) WHERE key = 'engagement_time_msec')
    AS engagement_time_msec,
  ARRAY_LENGTH(items) AS products
FROM ecommerce_public.events_flat_data
ORDER BY event_timestamp, user_pseudo_id, event_name
LIMIT @rows
