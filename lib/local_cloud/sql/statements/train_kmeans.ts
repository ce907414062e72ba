/** Trains and writes a k-means model. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { invalidQuery } from "../../errors.ts";
import type { KMeansModel } from "../../ml/kmeans.ts";
import { readColumns } from "../../warehouse/columns.ts";
import { layOut, matrixOf, statisticsOf } from "../../warehouse/feature_rows.ts";
import { type Feature, featuresOf, featureSql, rawNames } from "../../warehouse/features.ts";
import { kmeansResource } from "../../warehouse/kmeans_resource.ts";
import {
  createKMeansTables,
  type LearnedFeature,
  type TrainedKMeans,
} from "../../warehouse/kmeans_tables.ts";
import type { KMeansSpec } from "../../warehouse/model_spec.ts";
import type { Field } from "../../warehouse/types.ts";
import { distancesSql, NEAREST, normalizedDistancesSql } from "../lower/ml/distances.ts";
import { clusteringMetricsSql } from "../lower/ml/evaluate_kmeans.ts";
import { defaultClusters, type KMeansModelOptions } from "../model_options.ts";
import { noRows, type Scratch, type Trainer } from "./training.ts";

/**
 * A trainer for rows of the given columns.
 *
 * @throws {CloudError} `invalidQuery` for a column that is no feature or a KMEANS_INIT_COL that is
 * missing or not BOOL.
 */
export function kmeansTrainer(columns: Field[], options: KMeansModelOptions): Trainer {
  const initial = initColumn(columns, options);
  const features = featuresOf(columns.filter((_, at) => at !== initial));
  const names = rawNames(features);
  return {
    rows(query) {
      const values = features.map((feature, i) => {
        const at = columns.findIndex(({ name }) => name === feature.column);
        return `${featureSql(feature, `k${at}`, columns[at].type)} AS ${names[i]}`;
      });
      const marked = initial < 0 ? "FALSE" : `coalesce(k${initial}, FALSE)`;
      return `SELECT ${[...values, `${marked} AS is_initial`]} FROM (${query})`;
    },
    train: (rows, scratch) => train(features, options, rows, scratch),
  };
}

function initColumn(columns: Field[], { initColumn }: KMeansModelOptions): number {
  if (initColumn === undefined) return -1;
  const name = initColumn.toLowerCase();
  const at = columns.findIndex((column) => column.name.toLowerCase() === name);
  if (at >= 0 && columns[at].type.kind === "BOOL") return at;
  throw invalidQuery(
    at < 0
      ? `KMEANS_INIT_COL ${initColumn} is not found in the training data`
      : `KMEANS_INIT_COL ${initColumn} must be of type BOOL, but is ${columns[at].type.kind}`,
  );
}

async function train(
  features: Feature[],
  options: KMeansModelOptions,
  rows: string,
  scratch: Scratch,
) {
  const count = await checkedCount(features, rows, scratch);
  const vocabulary = await scratch.keep(vocabularySql(features, rows));
  const categories = await categoryCounts(features, vocabulary, scratch);
  const layout = layOut(features, categories.map(({ codes }) => codes), count);
  const columns = await scratch.read((connection) =>
    readColumns(connection, encodedSql(features, rows, vocabulary), count)
  );
  const initialRows = [...columns.pop()!.entries()].filter(([, marked]) => marked === 1)
    .map(([row]) => row);
  const clusters = options.numClusters ?? defaultClusters(count);
  checkInitial(options, initialRows.length, clusters);
  const learned = features.map((feature, at): LearnedFeature => {
    const { values, nulls } = categories[at];
    if (feature.kind === "CATEGORICAL") return { feature, categoryCount: values, nullCount: nulls };
    const numeric = statisticsOf(columns[at], options.standardizeFeatures);
    return { feature, numeric, nullCount: numeric.nullCount };
  });
  const begun = Date.now();
  const model = await scratch.train({
    kind: "kmeans",
    rows: matrixOf(columns, learned.map(({ numeric }) => numeric), layout),
    dimensions: layout.dimensions,
    options: { clusters, ...options, initialRows },
  });
  const trained = { features: learned, layout, model, vocabulary };
  return {
    iterations: model.iterations,
    write: (connection: DuckDBConnection, storage: string) =>
      write(connection, storage, { trained, options, rows, begun }),
  };
}

/** Counts the rows, and refuses those that cannot be trained on. */
async function checkedCount(features: Feature[], rows: string, scratch: Scratch): Promise<number> {
  const checks = rawNames(features).flatMap((name, i) =>
    features[i].kind === "CATEGORICAL"
      ? []
      : [`count(${name}) AS known${i}`, `count_if(NOT isfinite(${name})) AS endless${i}`]
  );
  const sql = `SELECT ${["count(*) AS n", ...checks]} FROM ${rows}`;
  const [found] = await scratch.rows<Record<string, bigint>>(sql);
  if (found.n === 0n) throw noRows();
  features.forEach(({ name, kind }, i) => {
    if (kind === "CATEGORICAL") return;
    if (found[`known${i}`] === 0n) {
      throw invalidQuery(`Column ${name} is NULL in every row of the training data`);
    }
    if (found[`endless${i}`] > 0n) {
      throw invalidQuery(
        `Column ${name} holds NaN or infinite values in ${found[`endless${i}`]} rows of the ` +
          "training data: a model cannot be trained on them",
      );
    }
  });
  return Number(found.n);
}

const categoricalAt = (features: Feature[]) =>
  features.flatMap(({ kind }, at) => kind === "CATEGORICAL" ? [at] : []);

/** The values of each categorical feature, coded in their order; NULL is the last of them. */
function vocabularySql(features: Feature[], rows: string): string {
  const parts = categoricalAt(features).map((at) =>
    `SELECT ${at} AS position, f${at} AS value, count(*) AS row_count,
      row_number() OVER (ORDER BY f${at} NULLS LAST) - 1 AS code FROM ${rows} GROUP BY f${at}`
  );
  const none =
    "SELECT 0 AS position, NULL::VARCHAR AS value, 0 AS row_count, 0 AS code WHERE FALSE";
  return [none, ...parts].join(" UNION ALL ");
}

interface CategoryCount {
  /** Categories, NULL among them if any row has it. */
  codes: number;
  /** Distinct values other than NULL. */
  values: number;
  /** Rows with NULL. */
  nulls: number;
}

async function categoryCounts(
  features: Feature[],
  vocabulary: string,
  scratch: Scratch,
): Promise<CategoryCount[]> {
  const found = await scratch.rows<Record<"position" | keyof CategoryCount, bigint>>(
    `SELECT position::BIGINT AS position, count(*) AS codes, count(value) AS "values",
      coalesce(sum(row_count) FILTER (WHERE value IS NULL), 0)::BIGINT AS nulls
    FROM ${vocabulary} GROUP BY position`,
  );
  return features.map((_, at) => {
    const counts = found.find(({ position }) => position === BigInt(at));
    const { codes = 0n, values = 0n, nulls = 0n } = counts ?? {};
    return { codes: Number(codes), values: Number(values), nulls: Number(nulls) };
  });
}

/**
 * Numbers, codes of categories, and whether a row begins a cluster. In rising order of all columns:
 * the same rows give the same matrix, in whatever order DuckDB came upon them.
 */
function encodedSql(features: Feature[], rows: string, vocabulary: string): string {
  const columns = features.map(({ kind }, at) =>
    kind === "NUMERIC" ? `f${at}` : `c${at}.code::DOUBLE AS f${at}`
  );
  const joins = categoricalAt(features).map((at) =>
    `JOIN (SELECT code, value FROM ${vocabulary} WHERE position = ${at}) AS c${at}
      ON c${at}.value IS NOT DISTINCT FROM r.f${at}`
  );
  return `SELECT ${[...columns, "is_initial::DOUBLE AS is_initial"]}
    FROM ${rows} AS r ${joins.join(" ")} ORDER BY ALL`;
}

function checkInitial({ initMethod, initColumn }: KMeansModelOptions, marked: number, k: number) {
  if (initMethod !== "CUSTOM" || marked === k) return;
  throw invalidQuery(
    `KMEANS_INIT_COL ${initColumn} must be TRUE in as many rows as there are clusters (${k}), ` +
      `but is TRUE in ${marked}`,
  );
}

/** What is written beside the tables of a clustering. */
interface Written {
  trained: TrainedKMeans;
  options: KMeansModelOptions;
  rows: string;
  begun: number;
}

async function write(
  connection: DuckDBConnection,
  storage: string,
  { trained, options, rows, begun }: Written,
) {
  const { features, model } = trained;
  await createKMeansTables(connection, storage, trained);
  const { distanceType } = options;
  const spec: KMeansSpec = {
    modelType: "KMEANS",
    features: features.map(({ feature }) => feature),
    distanceType,
    clusters: model.iterations[0].clusters.length,
  };
  await measure(connection, storage, spec, { rows, model });
  const resource = await kmeansResource(connection, storage, { features, options, model, begun });
  return { spec, resource };
}

/** Makes the tables that are measured with the model's others over the training rows. */
async function measure(
  connection: DuckDBConnection,
  storage: string,
  spec: KMeansSpec,
  { rows, model }: { rows: string; model: KMeansModel },
): Promise<void> {
  const names = rawNames(spec.features);
  const texts = categoricalAt(spec.features).map((at) => names[at]);
  const measured = distancesSql(storage, spec, { rows, carried: texts, features: names });
  await connection.run(`CREATE TEMP TABLE assigned AS
    SELECT ${[...texts, `${NEAREST} AS centroid_id`, "list_min(distances) AS distance"]},
      list_min(normalized_distances) AS normalized_distance
    FROM ${normalizedDistancesSql(storage, measured)}`);
  await connection.run(`CREATE TABLE ${storage}_distances AS
    SELECT normalized_distance FROM assigned ORDER BY normalized_distance`);
  // The loss of the last iteration, to all digits.
  const { loss } = model.iterations[model.iterations.length - 1];
  await connection.run(`CREATE TABLE ${storage}_metrics AS
    SELECT davies_bouldin_index, ${loss}::DOUBLE AS mean_squared_distance
    FROM ${clusteringMetricsSql(storage, spec, "assigned")}`);
  const counts = texts.map((name) =>
    `SELECT centroid_id, position, code, count(*) AS row_count
    FROM assigned JOIN ${storage}_categories
      ON position = ${name.slice(1)} AND value IS NOT DISTINCT FROM ${name}
    GROUP BY ALL`
  );
  const none = `SELECT centroid_id, 0 AS position, 0::BIGINT AS code, 0::BIGINT AS row_count
    FROM assigned WHERE FALSE`;
  await connection.run(`CREATE TABLE ${storage}_category_counts AS
    SELECT * FROM (${[none, ...counts].join(" UNION ALL ")}) ORDER BY ALL`);
}
