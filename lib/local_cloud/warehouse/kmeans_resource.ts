/** A k-means model as REST's Model shows it. */
import type { DuckDBConnection } from "@duckdb/node-api";
import type { KMeansModel } from "../ml/kmeans.ts";
import type { LearnedFeature } from "./kmeans_tables.ts";
import { iterationOptions, modelBody } from "./model_resource.ts";

/** The options of a training, named as in CREATE MODEL. */
interface TrainingOptions {
  distanceType: "EUCLIDEAN" | "COSINE";
  standardizeFeatures: boolean;
  initMethod: "RANDOM" | "KMEANS++" | "CUSTOM";
  initColumn?: string;
  maxIterations: number;
  earlyStop: boolean;
  minRelProgress: number;
}

/** Categories of a feature in a cluster that are told one by one. */
const SHOWN_CATEGORIES = 10;

/**
 * The body of a model whose tables are written, in the same transaction.
 *
 * @param options.begun When training began, in milliseconds since 1970.
 */
export async function kmeansResource(
  connection: DuckDBConnection,
  storage: string,
  { features, options, model, begun }: {
    features: LearnedFeature[];
    options: TrainingOptions;
    model: KMeansModel;
    begun: number;
  },
): Promise<Record<string, unknown>> {
  const { iterations } = model;
  const clusters = iterations[iterations.length - 1].clusters;
  const metrics = await firstRow(connection, `SELECT * FROM ${storage}_metrics`);
  const featureValues = await valuesByCluster(connection, storage, features);
  return modelBody({
    ...{ begun, iterations },
    trainingOptions: trainingOptions(options, clusters.length),
    more: (iteration) => ({
      clusterInfos: iterations[iteration].clusters.map(({ centroidId, radius, size }) => ({
        centroidId: String(centroidId),
        clusterRadius: radius,
        clusterSize: String(size),
      })),
    }),
    evaluationMetrics: {
      clusteringMetrics: {
        daviesBouldinIndex: metrics.davies_bouldin_index,
        meanSquaredDistance: metrics.mean_squared_distance,
        clusters: clusters.map(({ centroidId, size }) => ({
          centroidId: String(centroidId),
          count: String(size),
          featureValues: featureValues.get(centroidId),
        })),
      },
    },
  }, {
    featureColumns: features.map(({ feature: { name, type } }) => ({
      name,
      type: { typeKind: type.kind },
    })),
  });
}

function trainingOptions(options: TrainingOptions, clusters: number): Record<string, unknown> {
  const { initMethod, initColumn, distanceType, standardizeFeatures } = options;
  return {
    ...iterationOptions(options),
    numClusters: String(clusters),
    ...{ distanceType, standardizeFeatures },
    kmeansInitializationMethod: initMethod === "KMEANS++" ? "KMEANS_PLUS_PLUS" : initMethod,
    ...(initColumn === undefined ? {} : { kmeansInitializationColumn: initColumn }),
  };
}

async function firstRow(
  connection: DuckDBConnection,
  sql: string,
): Promise<Record<string, unknown>> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS()[0];
}

interface CategoryRow {
  centroid_id: number;
  position: number;
  category: string;
  count: string;
}

/** Of each cluster, by its id: numbers in the units of the input, counts of categories. */
async function valuesByCluster(
  connection: DuckDBConnection,
  storage: string,
  features: LearnedFeature[],
): Promise<Map<number, Record<string, unknown>[]>> {
  const categories = (await connection.runAndReadAll(categoriesSql(storage)))
    .getRowObjectsJS() as unknown as CategoryRow[];
  const centroids = (await connection.runAndReadAll(
    `SELECT centroid_id::INTEGER AS id, vector FROM ${storage}_centroids ORDER BY id`,
  )).getRowObjectsJS() as unknown as { id: number; vector: number[] }[];
  return new Map(centroids.map(({ id, vector }) => {
    let numbers = 0;
    const values = features.map(({ feature, numeric }, position) => {
      if (numeric === undefined) {
        const categoryCounts = categories
          .filter((row) => row.centroid_id === id && row.position === position)
          .map(({ category, count }) => ({ category, count }));
        return { featureColumn: feature.name, categoricalValue: { categoryCounts } };
      }
      const z = vector[numbers++];
      const { center, scale } = numeric;
      const numericalValue = scale === Infinity ? center : center + scale * z;
      return { featureColumn: feature.name, numericalValue };
    });
    return [id, values];
  }));
}

/** The most frequent categories of each feature in each cluster; the rest as `_OTHER_`. */
const categoriesSql = (storage: string) =>
  `SELECT centroid_id::INTEGER AS centroid_id, position, CAST(sum(row_count) AS VARCHAR) AS count,
    CASE WHEN place > ${SHOWN_CATEGORIES} THEN '_OTHER_' ELSE any_value(category) END AS category
  FROM (SELECT centroid_id, position, row_count, coalesce(value, '_null_filler') AS category,
      least(${SHOWN_CATEGORIES + 1}, row_number() OVER (
        PARTITION BY centroid_id, position ORDER BY row_count DESC, code)) AS place
    FROM ${storage}_category_counts JOIN ${storage}_categories USING (position, code))
  GROUP BY centroid_id, position, place ORDER BY centroid_id, position, place`;
