-- Grain: one row per event, in order of time. Turns the generator's numbers into GA4's words.
-- Dictionaries are lists: the generator counts from 0, lists from 1.
-- A packed line is product * 16 + quantity.
WITH ordered AS (
  SELECT e.*, u.* EXCLUDE (user_number)
  FROM event_numbers AS e
  JOIN user_numbers AS u USING (user_number)
  ORDER BY e.event_timestamp, e.rowid
),

named AS (
  SELECT
    * EXCLUDE (kind, page, lines),
    getvariable('event_names')[kind + 1] AS event_name,
    getvariable('pages')[page + 1] AS page,
    list_transform(lines, lambda line: {
      'product': getvariable('products')[(line >> 4) + 1],
      'quantity': (line & 15)::BIGINT
    }) AS basket
  FROM ordered
),

priced AS (
  SELECT
    *,
    order_number > 0 AS is_order,
    len(basket) AS unique_items,
    list_sum(list_transform(basket, lambda good: good.quantity))::BIGINT AS total_quantity,
    round(list_sum(list_transform(
      basket, lambda good: good.product.price * good.quantity
    )), 2) AS basket_value
  FROM named
),

described AS (
  SELECT
    *,
    'T' || lpad(order_number::VARCHAR, 7, '0') AS order_id,
    [
      param_int('ga_session_id', session_id),
      param_int('ga_session_number', session_number),
      param_string('page_title', page.title),
      param_string('page_location', page.location)
    ] AS page_params
  FROM priced
)

SELECT
  strftime(make_timestamp(event_timestamp), '%Y%m%d') AS event_date,
  event_timestamp,
  event_name,
  CASE
    WHEN is_order THEN page_params || [
      param_int('engagement_time_msec', engagement_msec),
      param_string('currency', 'USD'),
      param_double('value', basket_value),
      param_string('transaction_id', order_id)
    ]
    WHEN unique_items > 0 THEN page_params || [
      param_int('engagement_time_msec', engagement_msec),
      param_string('currency', 'USD'),
      param_double('value', basket_value)
    ]
    WHEN engagement_msec > 0
      THEN page_params || [param_int('engagement_time_msec', engagement_msec)]
    ELSE page_params
  END AS event_params,
  user_pseudo_id,
  user_first_touch_timestamp,
  getvariable('devices')[device + 1] AS device,
  getvariable('places')[place + 1] AS geo,
  getvariable('sources')[source + 1] AS traffic_source,
  'WEB' AS platform,
  CASE WHEN unique_items > 0 THEN {
    'total_item_quantity': total_quantity,
    'purchase_revenue': CASE WHEN is_order THEN basket_value END,
    'unique_items': unique_items,
    'transaction_id': CASE WHEN is_order THEN order_id END
  } END AS ecommerce,
  list_transform(basket, lambda good: {
    'item_id': good.product.item_id,
    'item_name': good.product.item_name,
    'item_brand': good.product.item_brand,
    'item_category': good.product.item_category,
    'item_category2': good.product.item_category2,
    'price': good.product.price,
    'quantity': good.quantity,
    'item_revenue': CASE WHEN is_order THEN round(good.product.price * good.quantity, 2) END
  }) AS items
FROM described
