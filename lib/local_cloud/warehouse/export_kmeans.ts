/** A k-means model of the warehouse as a SavedModel. */
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  type CategoricalFeature,
  kmeansSavedModel,
  type NumericFeature,
} from "../saved_model/kmeans_graph.ts";
import type { WrittenFiles } from "../saved_model/write.ts";
import { readColumns } from "./columns.ts";
import { readLists, readTexts } from "./export_columns.ts";
import type { KMeansSpec } from "./model_spec.ts";

/** What stands for NULL in a text input, as BigQuery names that category. */
const NULL_FILLER = "_null_filler";

/** The files of the model whose tables begin with `storage`. */
export async function exportKMeans(
  connection: DuckDBConnection,
  storage: string,
  { features, distanceType, clusters }: KMeansSpec,
): Promise<WrittenFiles> {
  const numbers = features.filter(({ kind }) => kind === "NUMERIC").length;
  const numeric = await numericFeatures(connection, storage, features.length);
  const exported: (NumericFeature | CategoricalFeature)[] = [];
  for (const [at, { name, kind }] of features.entries()) {
    exported.push(
      kind === "NUMERIC"
        ? { kind, name, ...numeric[at] }
        : { kind, name, ...await categories(connection, storage, { at, clusters }) },
    );
  }
  const [restSquares, norms] = await readColumns(
    connection,
    // As the distances of ML.PREDICT have them.
    `SELECT coalesce(list_dot_product(vector[${numbers + 1}:], vector[${numbers + 1}:]), 0),
      sqrt(list_dot_product(vector, vector)) FROM ${storage}_centroids ORDER BY centroid_id`,
    clusters,
  );
  const coordinates = await readLists(
    connection,
    `SELECT vector[1:${numbers}] AS list FROM ${storage}_centroids ORDER BY centroid_id`,
    clusters * numbers,
  );
  return kmeansSavedModel({
    ...{ distanceType, clusters, features: exported, numeric: coordinates, restSquares, norms },
  });
}

/** By position; NaN for a feature that is no number. */
async function numericFeatures(connection: DuckDBConnection, storage: string, count: number) {
  const [mean, center, scale] = await readColumns(
    connection,
    `SELECT mean, center, scale FROM ${storage}_features ORDER BY position`,
    count,
  );
  return Array.from(mean, (_, at) => ({ mean: mean[at], center: center[at], scale: scale[at] }));
}

/** NULL, the last category if it is one, goes by its filler unless a category is called that. */
async function categories(
  connection: DuckDBConnection,
  storage: string,
  { at, clusters }: { at: number; clusters: number },
) {
  const rows = `FROM ${storage}_categories AS c WHERE position = ${at} AND (value IS NOT NULL OR
    NOT EXISTS (FROM ${storage}_categories WHERE position = ${at} AND value = '${NULL_FILLER}'))`;
  const keys = await readTexts(
    connection,
    `SELECT coalesce(value, '${NULL_FILLER}') ${rows} ORDER BY code`,
  );
  const weights = await readLists(
    connection,
    `SELECT weights AS list ${rows} ORDER BY code`,
    (keys.length + 1) * clusters,
  );
  return { categories: keys, weights };
}
