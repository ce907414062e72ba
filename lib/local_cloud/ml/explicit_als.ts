/** Alternating least squares for explicit ratings, with intercepts solved in the same step. */
import { choleskyInPlace, solveCholesky } from "./cholesky.ts";
import { isFew, solveFew } from "./few_ratings.ts";
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

/** What all rows of a half-step share, and room for one row's equations. */
interface HalfStep {
  readonly rows: SparseRows;
  readonly other: Float64Array;
  /** `other` with 1 in the place of each intercept. */
  readonly design: Float64Array;
  readonly ones: Float64Array;
  readonly width: number;
  readonly l2Reg: number;
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
  readonly diagonal: Float64Array;
  readonly targets: Float64Array;
}

function solveSide(side: Side, other: Float64Array, settings: Settings): void {
  const { ratings: rows, vectors } = side;
  const { width, l2Reg, checkpoint } = settings;
  const step: HalfStep = {
    ...{ rows, other, width, l2Reg },
    design: withOnes(other, width),
    ones: new Float64Array(rows.columns.length).fill(1),
    matrix: new Float64Array(width * width),
    vector: new Float64Array(width),
    diagonal: new Float64Array(width).fill(l2Reg),
    targets: new Float64Array(width),
  };
  for (let r = 0; r < rows.rowCount; r++) {
    checkpoint?.();
    const count = rows.starts[r + 1] - rows.starts[r];
    if (count === 0) step.vector.fill(0); // nothing seen: only the penalty is left
    else if (l2Reg > 0 && isFew(count, width)) solveRowOfFew(step, r);
    else solveRow(step, r);
    vectors.set(step.vector, r * width);
  }
}

/**
 * Minimises over (x, b): with v = (y, 1) for each rating of the row and t = r − μ − b_other, it
 * solves (Σ v·vᵀ + λI)·(x, b) = Σ t·v.
 */
function solveRow(step: HalfStep, r: number): void {
  const { rows: { starts, columns, values }, other, design, ones, width, matrix, vector } = step;
  vector.fill(0);
  for (let e = starts[r]; e < starts[r + 1]; e++) {
    const at = columns[e] * width;
    const target = values[e] - other[at + width - 1];
    for (let p = 0; p < width; p++) vector[p] += target * design[at + p];
  }
  matrix.fill(0);
  for (let p = 0; p < width; p++) matrix[p * width + p] = step.l2Reg;
  addOuterProducts(matrix, width, design, columns, ones, starts[r], starts[r + 1]);
  choleskyInPlace(matrix, width);
  solveCholesky(matrix, width, vector);
}

/** The same solution as V·s with (VᵀV + λI)·s = t: the lemma with G = λI, both sides times λ. */
function solveRowOfFew(step: HalfStep, r: number): void {
  const { rows: { starts, columns, values }, other, design, width, diagonal, targets } = step;
  const begin = starts[r];
  const count = starts[r + 1] - begin;
  for (let k = 0; k < count; k++) {
    targets[k] = values[begin + k] - other[columns[begin + k] * width + width - 1];
  }
  const [vectors, images, kernel] = [design, design, step.matrix];
  solveFew(
    { vectors, images, width, columns, begin, count, diagonal, targets, kernel },
    step.vector,
  );
}

/** Vectors (y, b) as (y, 1). */
function withOnes(vectors: Float64Array, width: number): Float64Array {
  const design = vectors.slice();
  for (let at = width - 1; at < design.length; at += width) design[at] = 1;
  return design;
}
