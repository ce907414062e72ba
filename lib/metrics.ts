/**
 * How good recommendations and clusters are. Pure functions, one formula each; a metric of nothing
 * (no relevant product, no list, no member) is NaN, never 0, and {@link mean} of nothing is NaN.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A ranked list and what it should have held. */
export interface Ranking {
  /** Products recommended, best first, each once. */
  recommended: readonly string[];
  /** Products that turned out to be wanted, in any order. */
  relevant: readonly string[];
}

/**
 * The share of the relevant products that are among the first k: |R ∩ L_k| / |R|, 0 … 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(recallAtK({ recommended: ["a", "b"], relevant: ["b", "c"] }, 2), 0.5);
 * ```
 */
export function recallAtK({ recommended, relevant }: Ranking, k: number): number {
  const wanted = new Set(relevant);
  const hits = recommended.slice(0, k).filter((product) => wanted.has(product)).length;
  return hits / wanted.size;
}

/**
 * Normalised discounted cumulative gain with gains of 0 or 1: Σ_{i ≤ k, hit} 1 / log₂(i + 1),
 * divided by the same sum for a list with all relevant products first, 0 … 1.
 */
export function ndcgAtK({ recommended, relevant }: Ranking, k: number): number {
  const wanted = new Set(relevant);
  const discount = (position: number) => 1 / Math.log2(position + 2);
  let gain = 0;
  recommended.slice(0, k).forEach((product, position) => {
    if (wanted.has(product)) gain += discount(position);
  });
  let ideal = 0;
  for (let position = 0; position < Math.min(wanted.size, k); position++) {
    ideal += discount(position);
  }
  return gain / ideal;
}

/**
 * Average precision at k, whose mean over users is MAP@k:
 * Σ_{i ≤ k, hit} (hits among the first i / i) / min(|R|, k), 0 … 1.
 */
export function averagePrecisionAtK({ recommended, relevant }: Ranking, k: number): number {
  const wanted = new Set(relevant);
  let hits = 0;
  let sum = 0;
  recommended.slice(0, k).forEach((product, position) => {
    if (wanted.has(product)) sum += ++hits / (position + 1);
  });
  return sum / Math.min(wanted.size, k);
}

/**
 * The share of the catalogue that is recommended to anyone: |∪ lists| / catalogueSize, 0 … 1.
 *
 * @param catalogueSize How many products there are to recommend.
 */
export function catalogueCoverage(
  lists: Iterable<readonly string[]>,
  catalogueSize: number,
): number {
  const seen = new Set<string>();
  for (const list of lists) list.forEach((product) => seen.add(product));
  return seen.size / catalogueSize;
}

/**
 * The adjusted Rand index of two ways to group the same things (Hubert and Arabie 1985): 1 when they
 * agree, about 0 for chance, from their contingency table n_ij:
 * (Σ C(n_ij,2) − E) / (½(Σ C(a_i,2) + Σ C(b_j,2)) − E), E = Σ C(a_i,2) · Σ C(b_j,2) / C(n,2).
 * Where both sides make one group, or one of each thing, they agree: 1.
 *
 * @param table Counts: one row per group of the one side, one column per group of the other.
 */
export function adjustedRandIndex(table: readonly (readonly number[])[]): number {
  const pairs = (n: number) => (n * (n - 1)) / 2;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const rows = table.map(sum);
  const columns = (table[0] ?? []).map((_, j) => sum(table.map((row) => row[j])));
  const total = sum(rows);
  if (total === 0) return NaN;
  const together = sum(table.flat().map(pairs));
  const inRows = sum(rows.map(pairs));
  const inColumns = sum(columns.map(pairs));
  const expected = total > 1 ? (inRows * inColumns) / pairs(total) : 0;
  const most = (inRows + inColumns) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}

/**
 * The mean silhouette of points in clusters (Rousseeuw 1987), −1 … 1. For point i, a is the mean
 * Euclidean distance to the other points of its cluster and b the least mean distance to the points of
 * another cluster: s = (b − a) / max(a, b), and 0 for the only point of a cluster. Of fewer than two
 * clusters NaN. Takes time in the square of the number of points.
 *
 * @param clusters The cluster of each point, any numbers.
 */
export function silhouette(
  points: readonly (readonly number[])[],
  clusters: readonly number[],
): number {
  const ids = [...new Set(clusters)];
  if (ids.length < 2) return NaN;
  const own = clusters.map((cluster) => ids.indexOf(cluster));
  const sizes = ids.map((id) => clusters.filter((cluster) => cluster === id).length);
  const scores = points.map((point, i) => {
    if (sizes[own[i]] === 1) return 0;
    const sums = new Float64Array(ids.length);
    points.forEach((other, j) => sums[own[j]] += euclidean(point, other));
    const a = sums[own[i]] / (sizes[own[i]] - 1);
    let b = Infinity;
    sums.forEach((sum, id) => {
      if (id !== own[i]) b = Math.min(b, sum / sizes[id]);
    });
    return a === b ? 0 : (b - a) / Math.max(a, b);
  });
  return mean(scores);
}

function euclidean(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}

/**
 * Counts by row and column: one row per first member, one column per second one, each in the order in
 * which it comes first; 0 where there is no count.
 *
 * @param counts Triples of row, column and count; no pair of row and column twice.
 */
export function contingencyTable<Row, Column>(
  counts: readonly (readonly [row: Row, column: Column, count: number])[],
): number[][] {
  const rows = new Map<Row, Map<Column, number>>();
  for (const [row, column, count] of counts) {
    rows.set(row, (rows.get(row) ?? new Map<Column, number>()).set(column, count));
  }
  const columns = [...new Set(counts.map(([, column]) => column))];
  return [...rows.values()].map((row) => columns.map((column) => row.get(column) ?? 0));
}

/** The arithmetic mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** Options of {@link bootstrapInterval}. */
export interface BootstrapOptions {
  /** Seed of the resampling, an integer. Default 0. */
  seed?: number;
  /** How often to resample, 1 or more. Default 1000. */
  resamples?: number;
  /** The share of resamples within the interval, 0 … 1. Default 0.95. */
  level?: number;
}

/**
 * The percentile bootstrap interval of a mean (Efron 1979): `[low, high]`, the means of `resamples`
 * draws of as many values with replacement, less the outermost (1 − level) / 2 on either side. The
 * same seed gives the same interval.
 */
export function bootstrapInterval(
  values: readonly number[],
  options: BootstrapOptions = {},
): [low: number, high: number] {
  const { seed = 0, resamples = 1000, level = 0.95 } = options;
  if (values.length === 0) return [NaN, NaN];
  const generator = xoroshiro128plus(seed | 0);
  const means = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let total = 0;
    for (let j = 0; j < values.length; j++) {
      total += values[uniformInt(generator, 0, values.length - 1)];
    }
    means[i] = total / values.length;
  }
  means.sort();
  const at = (share: number) => means[Math.round(share * (resamples - 1))];
  return [at((1 - level) / 2), at((1 + level) / 2)];
}
