-- Grain: one row per user, in the order in which they were made.
SELECT
  user_pseudo_id,
  getvariable('segments')[segment + 1] AS segment,
  list_transform(preferred_groups, lambda g: getvariable('groups')[g + 1]) AS preferred_groups
FROM user_numbers
ORDER BY user_number
