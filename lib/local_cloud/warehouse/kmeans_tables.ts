/** A trained k-means model as plain tables; {@link KMeansSpec} says what each holds. */
import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  STRUCT,
  structValue,
  VARCHAR,
} from "@duckdb/node-api";
import type { KMeansIteration, KMeansModel } from "../ml/kmeans.ts";
import { createFilled, type Filled } from "./columns.ts";
import type { FeatureStatistics, MatrixLayout } from "./feature_rows.ts";
import type { Feature } from "./features.ts";

/** What training knows of a feature: numbers' statistics, or how many categories a text has. */
export interface LearnedFeature {
  feature: Feature;
  numeric?: FeatureStatistics;
  /** Distinct values other than NULL. */
  categoryCount?: number;
  nullCount: number;
}

/** A clustering to be written. */
export interface TrainedKMeans {
  features: LearnedFeature[];
  layout: MatrixLayout;
  model: KMeansModel;
  /** A table `position, code, value`: the categories of each feature. */
  vocabulary: string;
}

/** Makes a model's tables, all but what is measured with them, in the connection's transaction. */
export async function createKMeansTables(
  connection: DuckDBConnection,
  storage: string,
  { features, layout, model, vocabulary }: TrainedKMeans,
): Promise<void> {
  await createFeatures(connection, `${storage}_features`, features);
  await createCentroids(connection, `${storage}_centroids`, model, layout.dimensions);
  await createTrainingInfo(connection, `${storage}_training_info`, model.iterations);
  const offsets = features.flatMap(({ numeric }, at) =>
    numeric === undefined ? [`(${at}, ${layout.offsets[at]})`] : []
  );
  await connection.run(`CREATE TABLE ${storage}_categories AS
    SELECT position, code, value,
      list(vector[first_column + code + 1] ORDER BY centroid_id) AS weights
    FROM ${vocabulary}
    JOIN (VALUES ${offsets.join(", ") || "(-1, 0)"}) AS o(position, first_column) USING (position)
    CROSS JOIN ${storage}_centroids
    GROUP BY ALL ORDER BY position, code`);
}

/** A statistic that does not apply is NULL. */
const known = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

const count = (value: number | undefined): bigint | null =>
  value === undefined ? null : BigInt(value);

/** The `_features` table of a model, which ML.FEATURE_INFO reads. */
export async function createFeatures(
  connection: DuckDBConnection,
  table: string,
  features: (Pick<LearnedFeature, "numeric" | "categoryCount"> & {
    feature: { name: string };
    nullCount?: number;
  })[],
): Promise<void> {
  let numbers = 0;
  const indices = features.map(({ numeric }) => numeric === undefined ? null : ++numbers);
  const statistic = (name: keyof FeatureStatistics): Filled => ({
    name,
    type: DOUBLE,
    valueAt: (row) => known(features[row].numeric?.[name]),
  });
  const whole = (name: string, valueAt: Filled["valueAt"]) => ({ name, type: BIGINT, valueAt });
  await createFilled(connection, table, features.length, [
    { name: "position", type: INTEGER, valueAt: (row) => row },
    { name: "numeric_index", type: INTEGER, valueAt: (row) => indices[row] },
    { name: "input", type: VARCHAR, valueAt: (row) => features[row].feature.name },
    ...(["center", "scale", "min", "max", "mean", "median", "stddev"] as const).map(statistic),
    whole("category_count", (row) => count(features[row].categoryCount)),
    whole("null_count", (row) => count(features[row].nullCount)),
    whole("dimension", () => null), // of an ARRAY, which is no feature here
  ]);
}

async function createCentroids(
  connection: DuckDBConnection,
  table: string,
  { centroids, iterations }: KMeansModel,
  dimensions: number,
): Promise<void> {
  const { clusters } = iterations[iterations.length - 1];
  const vector = (row: number) =>
    listValue(Array.from(centroids.subarray(row * dimensions, (row + 1) * dimensions)));
  await createFilled(connection, table, clusters.length, [
    { name: "centroid_id", type: BIGINT, valueAt: (row) => BigInt(row + 1) },
    { name: "vector", type: LIST(DOUBLE), valueAt: vector },
    { name: "radius", type: DOUBLE, valueAt: (row) => clusters[row].radius },
    { name: "size", type: BIGINT, valueAt: (row) => BigInt(clusters[row].size) },
  ]);
}

const CLUSTER_INFO = STRUCT({
  centroid_id: BIGINT,
  cluster_radius: DOUBLE,
  cluster_size: BIGINT,
});

async function createTrainingInfo(
  connection: DuckDBConnection,
  table: string,
  iterations: KMeansIteration[],
): Promise<void> {
  const clusterInfo = (row: number): DuckDBValue =>
    listValue(iterations[row].clusters.map(({ centroidId, radius, size }) =>
      structValue({
        centroid_id: BigInt(centroidId),
        cluster_radius: radius,
        cluster_size: BigInt(size),
      })
    ));
  await createFilled(connection, table, iterations.length, [
    ...iterationColumns(iterations),
    { name: "cluster_info", type: LIST(CLUSTER_INFO), valueAt: clusterInfo },
  ]);
}

/** What a `_training_info` table tells of any model's iterations. */
export function iterationColumns(
  iterations: { iteration: number; loss: number; durationMs: number }[],
): Filled[] {
  return [
    { name: "training_run", type: BIGINT, valueAt: () => 0n },
    { name: "iteration", type: BIGINT, valueAt: (row) => BigInt(iterations[row].iteration) },
    { name: "loss", type: DOUBLE, valueAt: (row) => iterations[row].loss },
    {
      name: "duration_ms",
      type: BIGINT,
      valueAt: (row) => BigInt(Math.round(iterations[row].durationMs)),
    },
  ];
}
