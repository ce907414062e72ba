/** The rows that k-means works on, in the space where its distance is measured. */

/** How far apart two rows are. */
export type DistanceType = "EUCLIDEAN" | "COSINE";

/** Rows prepared for one kind of distance. */
export interface Points {
  /** count × dimensions, row-major. Cosine: each row divided by its norm, zero rows stay zero. */
  readonly rows: Float64Array;
  readonly count: number;
  readonly dimensions: number;
  /** Cosine only: the norm of each row as it was given. */
  readonly norms?: Float64Array;
  /** Rows whose squared distance is not above this count as the same row. */
  readonly tolerance: number;
}

/** What rounding leaves of 1 − x·y for two parallel unit vectors, with room for many dimensions. */
const PARALLEL = 1e-12;

/** Prepares rows (count × dimensions, row-major) for a distance; Euclidean rows are not copied. */
export function toPoints(rows: Float64Array, dimensions: number, distance: DistanceType): Points {
  const count = rows.length / dimensions;
  if (distance === "EUCLIDEAN") return { rows, count, dimensions, tolerance: 0 };
  const unit = new Float64Array(rows.length);
  const norms = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    norms[i] = normalize(rows, i * dimensions, dimensions, unit);
  }
  return { rows: unit, count, dimensions, norms, tolerance: PARALLEL };
}

/** Writes the unit vector of `source[offset …]` to the same place of `target`; gives the norm. */
export function normalize(
  source: Float64Array,
  offset: number,
  dimensions: number,
  target: Float64Array,
): number {
  let scale = 0; // the largest entry, so that no square over- or underflows
  for (let j = 0; j < dimensions; j++) scale = Math.max(scale, Math.abs(source[offset + j]));
  if (scale === 0) return 0;
  let sum = 0;
  for (let j = 0; j < dimensions; j++) sum += (source[offset + j] / scale) ** 2;
  const length = Math.sqrt(sum);
  for (let j = 0; j < dimensions; j++) target[offset + j] = source[offset + j] / scale / length;
  return scale * length;
}

/** Whether a row can be a centroid: under the cosine distance a zero row has no direction. */
export function canSeed(points: Points, index: number): boolean {
  return points.norms === undefined || points.norms[index] > 0;
}

/** The squared distance from a row to the `slot`-th vector of `centroids`. */
export function squaredDistance(
  points: Points,
  index: number,
  centroids: Float64Array,
  slot: number,
): number {
  const { rows, dimensions } = points;
  const a = index * dimensions;
  const b = slot * dimensions;
  let sum = 0;
  if (points.norms === undefined) {
    for (let j = 0; j < dimensions; j++) sum += (rows[a + j] - centroids[b + j]) ** 2;
    return sum; // ‖x − c‖²
  }
  for (let j = 0; j < dimensions; j++) sum += rows[a + j] * centroids[b + j];
  return Math.max(0, 1 - sum); // 1 − cos(x, c)
}

/** Whether a row is none of the `chosen` ones, by value. */
export function differsFromAll(points: Points, index: number, chosen: readonly number[]): boolean {
  return chosen.every((other) =>
    squaredDistance(points, index, points.rows, other) > points.tolerance
  );
}

/**
 * Finds rows that differ from each other and from the `chosen` ones, in a turn that begins at
 * `from`, until there are `wanted` of them in all. The answer begins with `chosen`.
 */
export function distinctRows(
  points: Points,
  wanted: number,
  chosen: readonly number[] = [],
  from = 0,
): number[] {
  const found = [...chosen];
  for (let step = 0; step < points.count && found.length < wanted; step++) {
    const index = (from + step) % points.count;
    if (canSeed(points, index) && differsFromAll(points, index, found)) found.push(index);
  }
  return found;
}

/** The rows at `indices`, copied, in that order. */
export function gather(points: Points, indices: ArrayLike<number>): Points {
  const { dimensions, tolerance } = points;
  const count = indices.length;
  const rows = new Float64Array(count * dimensions);
  const norms = points.norms && new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const start = indices[i] * dimensions;
    rows.set(points.rows.subarray(start, start + dimensions), i * dimensions);
    if (norms && points.norms) norms[i] = points.norms[indices[i]];
  }
  return { rows, count, dimensions, norms, tolerance };
}
