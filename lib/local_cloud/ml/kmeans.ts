/** k-means clustering as BigQuery ML defines it, over rows in memory. */
import { bestSeeds } from "./kmeans_init.ts";
import {
  type Clustering,
  clusteringAt,
  iterate,
  meanSquaredDistance,
  relativeGain,
} from "./kmeans_lloyd.ts";
import { type DistanceType, distinctRows, type Points, toPoints } from "./kmeans_points.ts";
import { uniformFrom } from "./random.ts";

export type { DistanceType } from "./kmeans_points.ts";

/** Options of {@link kmeans}, named as in CREATE MODEL. */
export interface KMeansOptions {
  /** Number of clusters k, 1 or more and at most the number of distinct rows. */
  clusters: number;
  /**
   * RANDOM: k distinct rows, each equally likely. KMEANS++: rows far apart, by D² sampling.
   * CUSTOM: the rows of `initialRows`. Default RANDOM.
   */
  initMethod?: "RANDOM" | "KMEANS++" | "CUSTOM";
  /** With CUSTOM: k row indices, from 0. Centroid i begins at the i-th of them. */
  initialRows?: Uint32Array | readonly number[];
  /**
   * EUCLIDEAN: ‖x − c‖. COSINE: √(1 − x·c / (‖x‖‖c‖)), where a zero vector is at distance 1 from
   * everything. Default EUCLIDEAN.
   */
  distanceType?: DistanceType;
  /** Iterations at most, 1 or more. Default 20. */
  maxIterations?: number;
  /** Whether to stop after the first iteration that gains too little. Default true. */
  earlyStop?: boolean;
  /** The share of the loss that an iteration must take away to go on, 0 … 1. Default 0.01. */
  minRelProgress?: number;
  /** Seed of the random choices, an integer. Default 0. */
  seed?: number;
  /**
   * With RANDOM and KMEANS++: how many sets of first centroids are drawn and tried in short runs;
   * the best one is used. 1 or more. Default 24.
   */
  starts?: number;
  /** Called after each iteration. */
  onIteration?: (iteration: KMeansIteration) => void;
  /**
   * Called every few milliseconds of work; what it throws ends the training. A worker cannot be
   * stopped from outside while it computes, so this is where it looks whether it should.
   */
  checkpoint?: () => void;
}

/** One cluster after an iteration. */
export interface ClusterInfo {
  /** 1 … k. */
  centroidId: number;
  /** Root mean square distance of the cluster's rows to its centroid; 0 without rows. */
  radius: number;
  /** Number of rows. */
  size: number;
}

/** What an iteration reached. */
export interface KMeansIteration {
  /** From 0. */
  iteration: number;
  /** Mean squared distance of a row to the nearest of the centroids this iteration has moved. */
  loss: number;
  /** Wall time in milliseconds. */
  durationMs: number;
  clusters: ClusterInfo[];
}

/** A trained clustering. */
export interface KMeansModel {
  /** k × dimensions, row-major, in the units of the rows. */
  centroids: Float64Array;
  /** The cluster of each row, 0 … k − 1; centroid ids are one more. */
  assignments: Uint32Array;
  iterations: KMeansIteration[];
}

type Hooks = "onIteration" | "checkpoint";
type Settled = Required<Omit<KMeansOptions, Hooks>> & Pick<KMeansOptions, Hooks>;

/**
 * Clusters rows by Lloyd's algorithm (Lloyd 1982, https://doi.org/10.1109/TIT.1982.1056489).
 *
 * - **Iteration**: move each centroid to the minimum of its cluster's loss, then assign every row
 *   to its nearest centroid (the lowest id on a tie) and measure. So the last loss is the mean
 *   squared distance of all rows to the centroids returned, and it never rises. Progress of the
 *   first iteration counts from the loss at the first centroids.
 * - **Cosine**: a centroid points along the sum of its rows' unit vectors, and is as long as their
 *   mean norm. Zero rows belong to cluster 1 and shorten its centroid, but never begin a cluster.
 * - **Empty cluster**: moves onto the row that is farthest from its own centroid, so there are k
 *   clusters with rows whenever there are k distinct rows.
 * - **Cluster ids**: with CUSTOM in the order of `initialRows`; else in the rising order of the
 *   first centroids' values (first column, then second …). They keep their ids from there on.
 *
 * The same rows, options and seed give the same bytes (times apart).
 *
 * @param rows n × dimensions, row-major, finite. Not changed.
 * @param dimensions Columns of a row, 1 or more.
 * @throws {RangeError} When an option is out of its range, a value is not finite, or there are
 * fewer distinct rows (cosine: directions) than clusters.
 *
 * @example Two pairs of neighbours
 * ```ts
 * import { kmeans } from "./kmeans.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = Float64Array.of(0, 2, 10, 12);
 * const { centroids } = kmeans(rows, 1, { clusters: 2, initMethod: "KMEANS++", seed: 1 });
 * assertEquals([...centroids], [1, 11]);
 * ```
 */
export function kmeans(
  rows: Float64Array,
  dimensions: number,
  options: KMeansOptions,
): KMeansModel {
  const settled = settle(options);
  checkRows(rows, dimensions);
  const points = toPoints(rows, dimensions, settled.distanceType);
  checkDistinct(points, settled.clusters);
  const clustering = clusteringAt(points, firstRows(points, settled), settled.checkpoint);
  const iterations = train(points, clustering, settled);
  const { centroids, assignments } = clustering;
  return { centroids: lengthen(centroids, points, clustering), assignments, iterations };
}

function settle(options: KMeansOptions): Settled {
  const {
    clusters,
    initMethod = "RANDOM",
    initialRows = [],
    distanceType = "EUCLIDEAN",
    maxIterations = 20,
    earlyStop = true,
    minRelProgress = 0.01,
    seed = 0,
    starts = 24,
    onIteration,
    checkpoint,
  } = options;
  checkCount("clusters", clusters);
  checkCount("maxIterations", maxIterations);
  checkCount("starts", starts);
  return {
    ...{ clusters, initMethod, initialRows, distanceType, seed, starts },
    ...{ maxIterations, earlyStop, minRelProgress, onIteration, checkpoint },
  };
}

function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(
    `Cannot cluster rows as ${name} must be a whole number of 1 or more: current value is ${value}`,
  );
}

function checkRows(rows: Float64Array, dimensions: number): void {
  checkCount("dimensions", dimensions);
  if (rows.length % dimensions !== 0) {
    throw new RangeError(
      `Cannot cluster rows as there must be ${dimensions} values a row: current value is ${rows.length} values in all`,
    );
  }
  const bad = rows.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new RangeError(
    `Cannot cluster rows as every value must be finite: current value is ${rows[bad]}`,
  );
}

function checkDistinct(points: Points, clusters: number): void {
  const distinct = distinctRows(points, clusters).length;
  if (distinct === clusters) return;
  const what = points.norms ? "distinct directions" : "distinct rows";
  throw new RangeError(
    `Cannot form ${clusters} clusters as there must be at least as many ${what}: current value is ${distinct}`,
  );
}

function firstRows(points: Points, options: Settled): ArrayLike<number> {
  const { clusters, initMethod: method, initialRows, starts, seed, checkpoint } = options;
  if (method !== "CUSTOM") {
    const uniform = uniformFrom(seed);
    return bestSeeds(points, { clusters, method, starts, uniform, checkpoint });
  }
  if (initialRows.length !== clusters) {
    throw new RangeError(
      `Cannot begin with custom centroids as there must be ${clusters} of them: current value is ${initialRows.length}`,
    );
  }
  for (const index of initialRows) {
    if (Number.isInteger(index) && index >= 0 && index < points.count) continue;
    throw new RangeError(
      `Cannot begin with custom centroids as each must be a row of 0 to ${
        points.count - 1
      }: current value is ${index}`,
    );
  }
  return initialRows;
}

function train(points: Points, clustering: Clustering, options: Settled): KMeansIteration[] {
  const { maxIterations, earlyStop, minRelProgress, onIteration } = options;
  const iterations: KMeansIteration[] = [];
  let loss = meanSquaredDistance(points, clustering);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const begun = performance.now();
    const before = loss;
    iterate(points, clustering);
    loss = meanSquaredDistance(points, clustering);
    const durationMs = performance.now() - begun;
    const reached = { iteration, loss, durationMs, clusters: describe(clustering) };
    iterations.push(reached);
    onIteration?.(reached);
    if (earlyStop && relativeGain(before, loss) < minRelProgress) break;
  }
  return iterations;
}

function describe({ sizes, spreads }: Clustering): ClusterInfo[] {
  return Array.from(sizes, (size, c) => ({
    centroidId: c + 1,
    radius: size > 0 ? Math.sqrt(spreads[c] / size) : 0,
    size,
  }));
}

/** Cosine centroids are unit vectors while training; this gives them their length back. */
function lengthen(unit: Float64Array, points: Points, { magnitudes }: Clustering): Float64Array {
  if (!points.norms) return unit;
  return unit.map((value, at) => value * magnitudes[Math.floor(at / points.dimensions)]);
}
