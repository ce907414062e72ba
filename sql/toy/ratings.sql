-- Makes toy_ratings: one row per user and product rated, from 1 (not for me) to 5 (must have). Six
-- users of two tastes, five products, ten ratings left out.
CREATE OR REPLACE TABLE ecommerce_public.toy_ratings AS
SELECT user_name, product, rating
FROM UNNEST([
  STRUCT('Ann' AS user_name, 'Tea' AS product, 5.0 AS rating),
  ('Ann', 'Teapot', 5.0), ('Ann', 'Tent', 1.0),
  ('Bob', 'Tea', 4.0), ('Bob', 'Cup', 4.0), ('Bob', 'Lantern', 1.0),
  ('Cleo', 'Teapot', 5.0), ('Cleo', 'Cup', 4.0), ('Cleo', 'Tent', 2.0), ('Cleo', 'Lantern', 1.0),
  ('Dan', 'Tea', 1.0), ('Dan', 'Tent', 5.0), ('Dan', 'Lantern', 5.0),
  ('Eve', 'Teapot', 1.0), ('Eve', 'Cup', 2.0), ('Eve', 'Tent', 4.0),
  ('Finn', 'Tea', 2.0), ('Finn', 'Cup', 1.0), ('Finn', 'Tent', 5.0), ('Finn', 'Lantern', 4.0)
])
