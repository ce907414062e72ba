-- Grain: one row per product of the catalogue.
SELECT
  product.item_id,
  product.item_name,
  product.item_category AS product_group,
  product.item_category2 = 'High-End' AS is_high_end
FROM (SELECT unnest(getvariable('products')) AS product)
