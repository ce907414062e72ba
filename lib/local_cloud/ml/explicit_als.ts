/** Alternating least squares for explicit ratings, with intercepts solved in the same step. */
import { choleskyInPlace, solveCholesky } from "./cholesky.ts";
import { addOuterProducts, dot, sumOfSquares } from "./normal_equations.ts";
import { byUser, type Ratings, type SparseRows, transpose } from "./ratings.ts";

/** One side: its ratings less their mean, by row, and its vectors (x, b), intercept last. */
interface Side {
  readonly ratings: SparseRows;
  readonly vectors: Float64Array;
}

/** What every solve of a half-step needs. */
interface Settings {
  width: number;
  l2Reg: number;
  checkpoint?: () => void;
}

/** What is minimised, and its vectors so far. */
export interface ExplicitProblem {
  readonly users: Side;
  readonly items: Side;
  /** Factors + 1. */
  readonly width: number;
  readonly l2Reg: number;
  /** μ, the mean rating. */
  readonly mean: number;
}

/** Lays the ratings out and places the vectors; all intercepts begin at 0. */
export function explicitProblem(
  ratings: Ratings,
  factors: number,
  l2Reg: number,
  itemFactors: Float64Array,
): ExplicitProblem {
  const mean = ratings.values.reduce((sum, value) => sum + value, 0) / ratings.values.length;
  const rows = byUser({ ...ratings, values: ratings.values.map((value) => value - mean) });
  const width = factors + 1;
  const itemVectors = new Float64Array(ratings.itemCount * width);
  for (let i = 0; i < ratings.itemCount; i++) {
    itemVectors.set(itemFactors.subarray(i * factors, (i + 1) * factors), i * width);
  }
  return {
    users: { ratings: rows, vectors: new Float64Array(ratings.userCount * width) },
    items: { ratings: transpose(rows), vectors: itemVectors },
    ...{ width, l2Reg, mean },
  };
}

/** Solves all users, then all items; calls `checkpoint` before each of them. */
export function iterateExplicit(problem: ExplicitProblem, checkpoint?: () => void): void {
  const { users, items, width, l2Reg } = problem;
  solveSide(users, items.vectors, { width, l2Reg, checkpoint });
  solveSide(items, users.vectors, { width, l2Reg, checkpoint });
}

/** Σ over seen u,i of (r − μ − b_u − b_i − x·y)². */
export function squaredError({ users, items, width }: ExplicitProblem): number {
  const { starts, columns, values, rowCount } = users.ratings;
  const bias = width - 1;
  let sum = 0;
  for (let u = 0; u < rowCount; u++) {
    const x = u * width;
    for (let e = starts[u]; e < starts[u + 1]; e++) {
      const y = columns[e] * width;
      const score = dot(users.vectors, x, items.vectors, y, bias);
      const error = values[e] - users.vectors[x + bias] - items.vectors[y + bias] - score;
      sum += error * error;
    }
  }
  return sum;
}

/** λ(Σ‖x‖² + Σ‖y‖² + Σb_u² + Σb_i²). */
export function penalty({ users, items, l2Reg }: ExplicitProblem): number {
  return l2Reg * (sumOfSquares(users.vectors) + sumOfSquares(items.vectors));
}

/**
 * Minimises over (x, b) of every row of one side: with v = (y, 1) for each rating of the row and
 * t = r − μ − b_other, it solves (Σ v·vᵀ + λI)·(x, b) = Σ t·v.
 */
function solveSide(side: Side, other: Float64Array, settings: Settings): void {
  const { width, l2Reg, checkpoint } = settings;
  const { ratings: { starts, columns, values, rowCount }, vectors } = side;
  const design = withOnes(other, width);
  const ones = new Float64Array(columns.length).fill(1);
  const matrix = new Float64Array(width * width);
  const vector = new Float64Array(width);
  for (let r = 0; r < rowCount; r++) {
    checkpoint?.();
    if (starts[r] === starts[r + 1]) { // nothing seen: only the penalty is left
      vectors.fill(0, r * width, (r + 1) * width);
      continue;
    }
    vector.fill(0);
    for (let e = starts[r]; e < starts[r + 1]; e++) {
      const at = columns[e] * width;
      const target = values[e] - other[at + width - 1];
      for (let p = 0; p < width; p++) vector[p] += target * design[at + p];
    }
    matrix.fill(0);
    for (let p = 0; p < width; p++) matrix[p * width + p] = l2Reg;
    addOuterProducts(matrix, width, design, columns, ones, starts[r], starts[r + 1]);
    choleskyInPlace(matrix, width);
    solveCholesky(matrix, width, vector);
    vectors.set(vector, r * width);
  }
}

/** Vectors (y, b) as (y, 1). */
function withOnes(vectors: Float64Array, width: number): Float64Array {
  const design = vectors.slice();
  for (let at = width - 1; at < design.length; at += width) design[at] = 1;
  return design;
}
