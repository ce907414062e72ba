-- Makes the model user_clusters_imported of the files of an exported user_clusters.
CREATE OR REPLACE MODEL ecommerce_public.user_clusters_imported
OPTIONS (
  model_type = 'tensorflow',
  model_path = 'gs://bucket/folder/*'
)
