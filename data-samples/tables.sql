-- What the generator fills and assemble.sql reads.
-- Grain: one row per user.
CREATE TABLE user_numbers (
  user_number INTEGER,
  user_pseudo_id VARCHAR,
  user_first_touch_timestamp BIGINT,
  device UTINYINT,
  place UTINYINT,
  source UTINYINT,
  segment UTINYINT,
  preferred_groups INTEGER[]
);

-- Grain: one row per event; rowid keeps the order in which the events were made.
CREATE TABLE event_numbers (
  user_number INTEGER,
  event_timestamp BIGINT,
  kind UTINYINT,
  session_id INTEGER,
  session_number USMALLINT,
  engagement_msec INTEGER,
  page USMALLINT,
  order_number INTEGER,
  lines INTEGER[]
);

-- One entry of event_params: one of the four values is set.
CREATE MACRO param_string(name, content) AS {
  'key': name,
  'value': {
    'string_value': content::VARCHAR,
    'int_value': NULL::BIGINT,
    'float_value': NULL::DOUBLE,
    'double_value': NULL::DOUBLE
  }
};

CREATE MACRO param_int(name, content) AS {
  'key': name,
  'value': {
    'string_value': NULL::VARCHAR,
    'int_value': content::BIGINT,
    'float_value': NULL::DOUBLE,
    'double_value': NULL::DOUBLE
  }
};

CREATE MACRO param_double(name, content) AS {
  'key': name,
  'value': {
    'string_value': NULL::VARCHAR,
    'int_value': NULL::BIGINT,
    'float_value': NULL::DOUBLE,
    'double_value': content::DOUBLE
  }
};
