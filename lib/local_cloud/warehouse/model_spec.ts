/** How a model is laid out: what its tables are read with. The numbers are in the tables. */
import type { DType } from "../saved_model/mod.ts";
import type { ModelEntry, ModelRef } from "./catalogue.ts";
import type { Feature } from "./features.ts";
import type { Field } from "./types.ts";

/**
 * A k-means model. Its tables, after the prefix `models.m42`:
 *
 * - `_features(position, numeric_index, input, center, scale, min, max, mean, median, stddev,
 *   category_count, null_count)`, one row a feature. A numeric one enters the distance as
 *   z = (x − center) / scale; its `numeric_index` counts the numeric ones from 1.
 * - `_categories(position, code, value, weights, counts)`, one row a category of a feature; NULL is
 *   one too. Lists by centroid: its coordinate, and how many training rows have it.
 * - `_centroids(centroid_id, vector, radius, size)`: first the numeric features' coordinates, then
 *   the categories' of each feature in the order of their codes.
 * - `_distances(normalized_distance)` of the training rows, rising.
 * - `_training_info`, `_metrics`: what ML.TRAINING_INFO and ML.EVALUATE answer.
 */
export interface KMeansSpec {
  modelType: "KMEANS";
  /** In the order of the training query's columns. */
  features: Feature[];
  distanceType: "EUCLIDEAN" | "COSINE";
  clusters: number;
}

/**
 * A matrix factorization model. Its tables, after the prefix `models.m42`:
 *
 * - `_users(id, factors, intercept)` and `_items(id, factors, intercept)`, in rising order of `id`.
 * - `_intercept(global_intercept)`, one row.
 * - `_features(position, input, category_count)`: the user and the item column.
 * - `_training_info`, `_metrics`: what ML.TRAINING_INFO and ML.EVALUATE answer.
 */
export interface FactorizationSpec {
  modelType: "MATRIX_FACTORIZATION";
  feedbackType: "EXPLICIT" | "IMPLICIT";
  user: Field;
  item: Field;
  rating: Field;
  factors: number;
}

/** An input or output of an imported model, as a column. */
export interface TensorColumn {
  name: string;
  dtype: DType;
  /** Of a list for each row: how many values, −1 for any number; absent for one value. */
  size?: number;
}

/**
 * An imported TensorFlow model. Its table, after the prefix `models.m42`: `_files(path, part, bytes)`,
 * the files of its SavedModel cut into parts.
 */
export interface TensorFlowSpec {
  modelType: "TENSORFLOW";
  inputs: TensorColumn[];
  outputs: TensorColumn[];
}

export type ModelSpec = KMeansSpec | FactorizationSpec | TensorFlowSpec;

/** The layout of a model of the catalogue. */
export function specOf(entry: ModelEntry): ModelSpec {
  return entry.spec as unknown as ModelSpec;
}

/** `p:d.m`, as BigQuery's messages print a model. */
export function modelName({ projectId, datasetId, modelId }: ModelRef): string {
  return `${projectId}:${datasetId}.${modelId}`;
}
