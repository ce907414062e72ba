/** Lloyd's iterations: assign every row to its nearest centroid, move each centroid to its rows. */
import { canSeed, normalize, type Points } from "./kmeans_points.ts";

/** Centroids and the assignment of every row to the nearest of them. */
export interface Clustering {
  readonly clusters: number;
  /** clusters × dimensions in the space of the points (cosine: unit vectors). */
  readonly centroids: Float64Array;
  /** Cosine only: the length each centroid is given back at the end. */
  readonly magnitudes: Float64Array;
  /** The centroid of each row, from 0; ties go to the lowest. */
  readonly assignments: Uint32Array;
  /** The squared distance of each row to its centroid. */
  readonly distances: Float64Array;
  /** Rows of each cluster. */
  readonly sizes: Uint32Array;
  /** Rows of each cluster that can move it: all of them, or under cosine those that are not zero. */
  readonly movers: Uint32Array;
  /** Σ of the squared distances of each cluster's rows. */
  readonly spreads: Float64Array;
  /** Called every few thousand rows; may throw to end the training. */
  readonly checkpoint?: () => void;
}

/** Rows between two checkpoints. */
const STRIDE = 4096;

/** Places a centroid on each of the given rows and assigns every row. */
export function clusteringAt(
  points: Points,
  seeds: ArrayLike<number>,
  checkpoint?: () => void,
): Clustering {
  const clusters = seeds.length;
  const clustering: Clustering = {
    clusters,
    centroids: new Float64Array(clusters * points.dimensions),
    magnitudes: new Float64Array(clusters),
    assignments: new Uint32Array(points.count),
    distances: new Float64Array(points.count),
    sizes: new Uint32Array(clusters),
    movers: new Uint32Array(clusters),
    spreads: new Float64Array(clusters),
    checkpoint,
  };
  for (let c = 0; c < clusters; c++) placeOnRow(points, clustering, c, seeds[c]);
  assign(points, clustering);
  return clustering;
}

/** One iteration: update the centroids, then assign and measure. */
export function iterate(points: Points, clustering: Clustering): void {
  if (moveCentroids(points, clustering)) assign(points, clustering);
}

/** The mean squared distance of a row to its centroid: what k-means minimises. */
export function meanSquaredDistance(points: Points, clustering: Clustering): number {
  let sum = 0;
  for (const spread of clustering.spreads) sum += spread;
  return sum / points.count;
}

/** The share of the loss that an iteration took away; 0 when there was nothing left to take. */
export function relativeGain(before: number, after: number): number {
  return before > 0 ? (before - after) / before : 0;
}

/**
 * Assigns every row. A cluster left without rows is moved onto the row farthest from its centroid
 * (the first of several, out of a cluster of two or more) and all rows are assigned again. That
 * can only lower the loss, so it comes to an end.
 */
function assign(points: Points, clustering: Clustering): void {
  const assignRows = points.norms ? assignByCosine : assignByEuclid;
  do {
    for (let begin = 0; begin < points.count; begin += STRIDE) {
      clustering.checkpoint?.();
      assignRows(points, clustering, begin, Math.min(begin + STRIDE, points.count));
    }
    measure(points, clustering);
  } while (reseedEmptyCluster(points, clustering));
}

/** Assigns the rows begin … end − 1. */
function assignByEuclid(points: Points, clustering: Clustering, begin: number, end: number): void {
  const { rows, dimensions } = points;
  const { clusters, centroids, assignments, distances } = clustering;
  for (let i = begin, row = begin * dimensions; i < end; i++, row += dimensions) {
    let nearest = 0;
    let least = Infinity;
    for (let c = 0, at = 0; c < clusters; c++) {
      let sum = 0; // ‖x − c‖²
      for (let j = row; j < row + dimensions; j++, at++) {
        const apart = rows[j] - centroids[at];
        sum += apart * apart;
      }
      if (sum < least) {
        least = sum;
        nearest = c;
      }
    }
    assignments[i] = nearest;
    distances[i] = least;
  }
}

function assignByCosine(points: Points, clustering: Clustering, begin: number, end: number): void {
  const { rows, dimensions } = points;
  const { clusters, centroids, assignments, distances } = clustering;
  for (let i = begin, row = begin * dimensions; i < end; i++, row += dimensions) {
    let nearest = 0;
    let greatest = -Infinity;
    for (let c = 0, at = 0; c < clusters; c++) {
      let dot = 0; // cos(x, c), as both are unit vectors
      for (let j = row; j < row + dimensions; j++, at++) dot += rows[j] * centroids[at];
      if (dot > greatest) {
        greatest = dot;
        nearest = c;
      }
    }
    assignments[i] = nearest;
    distances[i] = Math.max(0, 1 - greatest);
  }
}

function measure(points: Points, clustering: Clustering): void {
  const { assignments, distances, sizes, movers, spreads } = clustering;
  sizes.fill(0);
  movers.fill(0);
  spreads.fill(0);
  for (let i = 0; i < points.count; i++) {
    const c = assignments[i];
    sizes[c]++;
    if (canSeed(points, i)) movers[c]++;
    spreads[c] += distances[i];
  }
}

function reseedEmptyCluster(points: Points, clustering: Clustering): boolean {
  const empty = clustering.movers.indexOf(0);
  if (empty < 0) return false;
  const { assignments, distances, movers } = clustering;
  let farthest = -1;
  let most = points.tolerance;
  for (let i = 0; i < points.count; i++) {
    if (distances[i] > most && movers[assignments[i]] > 1 && canSeed(points, i)) {
      most = distances[i];
      farthest = i;
    }
  }
  if (farthest < 0) return false;
  placeOnRow(points, clustering, empty, farthest);
  return true;
}

function placeOnRow(points: Points, clustering: Clustering, slot: number, index: number): void {
  const { rows, dimensions } = points;
  const row = rows.subarray(index * dimensions, (index + 1) * dimensions);
  clustering.centroids.set(row, slot * dimensions);
  clustering.magnitudes[slot] = points.norms ? points.norms[index] : 1;
}

/** Moves each centroid to the minimum of its cluster's loss; tells whether any of them moved. */
function moveCentroids(points: Points, clustering: Clustering): boolean {
  const { dimensions, norms } = points;
  const { clusters, centroids, magnitudes, sizes, movers } = clustering;
  const next = sumByCluster(points, clustering);
  if (norms) magnitudes.set(meanNorms(norms, clustering));
  let moved = false;
  for (let c = 0; c < clusters; c++) {
    const start = c * dimensions;
    // Euclid: c ← c + Σ(x − c) / n, which leaves a centroid of equal rows exactly where it is.
    // Cosine: c ← Σx̂ / ‖Σx̂‖ minimises Σ(1 − x̂·c); any c does when Σx̂ = 0
    const still = movers[c] === 0 || (norms && normalize(next, start, dimensions, next) === 0);
    if (still) continue;
    for (let j = start; j < start + dimensions; j++) {
      const value = norms ? next[j] : centroids[j] + next[j] / sizes[c];
      moved ||= value !== centroids[j];
      centroids[j] = value;
    }
  }
  return moved;
}

/** Euclid: Σ(x − c) for each cluster. Cosine: Σx̂. */
function sumByCluster(points: Points, clustering: Clustering): Float64Array {
  const { rows, count, dimensions, norms } = points;
  const { assignments, centroids } = clustering;
  const sums = new Float64Array(centroids.length);
  const origin = norms ? new Float64Array(centroids.length) : centroids;
  for (let i = 0, row = 0; i < count; i++, row += dimensions) {
    const at = assignments[i] * dimensions;
    for (let j = 0; j < dimensions; j++) sums[at + j] += rows[row + j] - origin[at + j];
  }
  return sums;
}

function meanNorms(norms: Float64Array, clustering: Clustering): Float64Array {
  const { assignments, sizes, movers, magnitudes } = clustering;
  const means = new Float64Array(magnitudes.length);
  for (let i = 0; i < norms.length; i++) means[assignments[i]] += norms[i];
  for (let c = 0; c < means.length; c++) {
    means[c] = movers[c] > 0 ? means[c] / sizes[c] : magnitudes[c];
  }
  return means;
}
