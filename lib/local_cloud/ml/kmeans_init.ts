/** Where k-means begins: the choice of the rows that are its first centroids. */
import { clusteringAt, iterate, meanSquaredDistance, relativeGain } from "./kmeans_lloyd.ts";
import {
  canSeed,
  differsFromAll,
  distinctRows,
  gather,
  type Points,
  squaredDistance,
} from "./kmeans_points.ts";
import { randomIndex, sampleIndices, type Uniform } from "./random.ts";

/** Ways to draw the first centroids. */
export type SeedingMethod = "RANDOM" | "KMEANS++";

/** Rows that candidate beginnings are tried on, at most. */
const TRIAL_ROWS = 20_000;
/** Iterations of a trial, at most. */
const TRIAL_ITERATIONS = 60;
/** A trial ends with the iteration that gains less. */
const TRIAL_GAIN = 1e-4;

/** How first centroids are chosen. */
export interface Seeding {
  readonly clusters: number;
  readonly method: SeedingMethod;
  /** How many sets to draw and try; with 1 no trial is run. */
  readonly starts: number;
  readonly uniform: Uniform;
  /** Called every few thousand rows; may throw to end the training. */
  readonly checkpoint?: () => void;
}

/**
 * Draws several sets of first centroids, runs each for a short while and gives the rows of the
 * one that came lowest, in rising order of their values (first column, then second …).
 *
 * Trials run on a uniform sample of 20 000 rows when there are more; when the sample has too few
 * distinct rows, on all of them.
 */
export function bestSeeds(points: Points, seeding: Seeding): number[] {
  const { clusters, method, starts, uniform, checkpoint } = seeding;
  const sample = trialSample(points, clusters, uniform);
  const pool = sample ? gather(points, sample) : points;
  const draw = method === "RANDOM" ? drawUniformly : drawByDistance;
  let best: number[] = [];
  let lowest = Infinity;
  for (let start = 0; start < starts; start++) {
    const seeds = draw(pool, clusters, uniform);
    const loss = starts > 1 ? trialLoss(pool, seeds, checkpoint) : 0;
    if (start > 0 && !(loss < lowest)) continue;
    lowest = loss;
    best = seeds;
  }
  return best.sort((a, b) => compareRows(pool, a, b)).map((i) => sample ? sample[i] : i);
}

function trialSample(points: Points, clusters: number, uniform: Uniform): Uint32Array | undefined {
  if (points.count <= TRIAL_ROWS) return undefined;
  const sample = sampleIndices(points.count, TRIAL_ROWS, uniform);
  return distinctRows(gather(points, sample), clusters).length === clusters ? sample : undefined;
}

function trialLoss(
  points: Points,
  seeds: number[],
  checkpoint?: () => void,
): number {
  const clustering = clusteringAt(points, seeds, checkpoint);
  let loss = meanSquaredDistance(points, clustering);
  for (let i = 0; i < TRIAL_ITERATIONS; i++) {
    const before = loss;
    iterate(points, clustering);
    loss = meanSquaredDistance(points, clustering);
    if (relativeGain(before, loss) < TRIAL_GAIN) break;
  }
  return loss;
}

function compareRows(points: Points, a: number, b: number): number {
  const { rows, dimensions } = points;
  for (let j = 0; j < dimensions; j++) {
    const apart = rows[a * dimensions + j] - rows[b * dimensions + j];
    if (apart !== 0) return apart;
  }
  return a - b;
}

/** Distinct rows, each equally likely. After many misses the next one in line is taken. */
function drawUniformly(points: Points, clusters: number, uniform: Uniform): number[] {
  const chosen: number[] = [];
  for (let tries = 20 * clusters; tries > 0 && chosen.length < clusters; tries--) {
    const index = randomIndex(uniform, points.count);
    if (canSeed(points, index) && differsFromAll(points, index, chosen)) chosen.push(index);
  }
  return distinctRows(points, clusters, chosen, randomIndex(uniform, points.count));
}

/**
 * k-means++: each next centroid is a row drawn with probability proportional to its squared
 * distance D² from those chosen so far (Arthur and Vassilvitskii 2007,
 * https://theory.stanford.edu/~sergei/papers/kMeansPP-soda.pdf), the best of 2 + ln k draws as
 * in that paper's section on greedy choice and in scikit-learn.
 */
function drawByDistance(points: Points, clusters: number, uniform: Uniform): number[] {
  const chosen = distinctRows(points, 1, [], randomIndex(uniform, points.count));
  const draws = 2 + Math.floor(Math.log(clusters));
  let nearest = new Float64Array(points.count).fill(Infinity);
  let total = lowerNearest(points, chosen[0], nearest, nearest);
  while (chosen.length < clusters && total > 0) {
    let next = -1;
    let nextTotal = Infinity;
    let nextNearest = nearest;
    for (let t = 0; t < draws; t++) {
      const candidate = drawInProportion(nearest, total, uniform);
      if (!differsFromAll(points, candidate, chosen)) continue;
      const lowered = new Float64Array(points.count);
      const sum = lowerNearest(points, candidate, nearest, lowered);
      if (sum < nextTotal) [next, nextTotal, nextNearest] = [candidate, sum, lowered];
    }
    if (next < 0) break;
    chosen.push(next);
    [total, nearest] = [nextTotal, nextNearest];
  }
  return distinctRows(points, clusters, chosen);
}

/** target = min(nearest, D²(row, candidate)); gives its sum. Rows without direction weigh 0. */
function lowerNearest(
  points: Points,
  candidate: number,
  nearest: Float64Array,
  target: Float64Array,
): number {
  let total = 0;
  for (let i = 0; i < points.count; i++) {
    const distance = canSeed(points, i) ? squaredDistance(points, i, points.rows, candidate) : 0;
    const least = distance < nearest[i] ? distance : nearest[i];
    target[i] = least;
    total += least;
  }
  return total;
}

/** The first index at which the running sum of the weights passes a uniform share of the total. */
function drawInProportion(weights: Float64Array, total: number, uniform: Uniform): number {
  let left = uniform() * total;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return weights.length - 1;
}
