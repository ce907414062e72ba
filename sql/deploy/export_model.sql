-- Makes files: the model user_clusters, or the one that takes its name's place, as a SavedModel of
-- TensorFlow in a folder of a bucket.
EXPORT MODEL ecommerce_public.user_clusters
OPTIONS (uri = 'gs://bucket/folder')
