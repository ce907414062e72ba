-- Makes user_stats_part: one row per user in part @part of user_stats when it is cut at random into
-- @parts of the same size, numbered from 0; @seed decides how.
CREATE OR REPLACE TABLE ecommerce_public.user_stats_part AS
SELECT *
FROM ecommerce_public.user_stats
QUALIFY
  MOD(
    ROW_NUMBER() OVER (
      ORDER BY MD5(CONCAT(CAST(@seed AS STRING), ' ', IFNULL(user_pseudo_id, ''))), user_pseudo_id
    ),
    @parts
  ) = @part
