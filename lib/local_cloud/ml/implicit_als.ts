/**
 * Weighted alternating least squares for implicit feedback: Hu, Koren and Volinsky 2008,
 * "Collaborative Filtering for Implicit Feedback Datasets", http://yifanhu.net/PUB/cf.pdf.
 */
import { choleskyInPlace, solveCholesky } from "./cholesky.ts";
import { inverseImages, isFew, paysOff, solveFew } from "./few_ratings.ts";
import { addOuterProducts, dot, gram, sumOfSquares } from "./normal_equations.ts";
import { byUser, type Ratings, type SparseRows, sumPositive, transpose } from "./ratings.ts";

/** One side's view of the other while its vectors are solved. */
interface Side {
  /** Extra confidence α·r of the seen pairs, by row of this side. */
  readonly confidence: SparseRows;
  /** rows × factors. */
  readonly factors: Float64Array;
}

/** What every solve of a half-step needs. */
interface Settings {
  width: number;
  l2Reg: number;
  checkpoint?: () => void;
}

/** What is minimised, and its vectors so far. */
export interface ImplicitProblem {
  readonly users: Side;
  readonly items: Side;
  readonly width: number;
  readonly l2Reg: number;
}

/** Lays the ratings out and places the factors (items' drawn by the caller). */
export function implicitProblem(
  ratings: Ratings,
  width: number,
  l2Reg: number,
  alpha: number,
  itemFactors: Float64Array,
): ImplicitProblem {
  const rows = sumPositive(byUser(ratings));
  for (let e = 0; e < rows.values.length; e++) rows.values[e] *= alpha;
  const userFactors = new Float64Array(ratings.userCount * width);
  return {
    users: { confidence: rows, factors: userFactors },
    items: { confidence: transpose(rows), factors: itemFactors },
    ...{ width, l2Reg },
  };
}

/** Solves all users, then all items; calls `checkpoint` before each of them. */
export function iterateImplicit(problem: ImplicitProblem, checkpoint?: () => void): void {
  const { users, items, width, l2Reg } = problem;
  solveSide(users, items.factors, { width, l2Reg, checkpoint });
  solveSide(items, users.factors, { width, l2Reg, checkpoint });
}

/**
 * Σ over all u,i of c(p − x·y)² + λ(Σ‖x‖² + Σ‖y‖²), with c = 1 + α·r and p = 1 for seen pairs,
 * c = 1 and p = 0 for all others.
 */
export function implicitObjective({ users, items, width, l2Reg }: ImplicitProblem): number {
  const { starts, columns, values, rowCount, columnCount } = users.confidence;
  // Σ over all u,i of (x·y)² = ⟨XᵀX, YᵀY⟩, so no unseen pair is visited
  let sum = innerProduct(
    gram(users.factors, rowCount, width),
    gram(items.factors, columnCount, width),
    width,
  );
  for (let u = 0; u < rowCount; u++) {
    for (let e = starts[u]; e < starts[u + 1]; e++) {
      const score = dot(users.factors, u * width, items.factors, columns[e] * width, width);
      sum += (1 + values[e]) * (1 - score) ** 2 - score * score;
    }
  }
  return sum + l2Reg * (sumOfSquares(users.factors) + sumOfSquares(items.factors));
}

/** What all rows of a half-step share, and room for one row's equations. */
interface HalfStep {
  readonly rows: SparseRows;
  readonly other: Float64Array;
  readonly width: number;
  /** YᵀY + λI, upper half. */
  readonly shared: Float64Array;
  /** (YᵀY + λI)⁻¹·y of every y, when rows with few ratings are solved by way of it. */
  readonly images?: Float64Array;
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
  readonly diagonal: Float64Array;
  readonly targets: Float64Array;
}

function solveSide(side: Side, other: Float64Array, settings: Settings): void {
  const { confidence: rows, factors } = side;
  const { width, checkpoint } = settings;
  const step = halfStep(rows, other, settings);
  for (let r = 0; r < rows.rowCount; r++) {
    checkpoint?.();
    const count = rows.starts[r + 1] - rows.starts[r];
    if (count === 0) step.vector.fill(0); // nothing seen: YᵀC·p = 0
    else if (step.images && isFew(count, width)) solveRowOfFew(step, step.images, r);
    else solveRow(step, r);
    factors.set(step.vector, r * width);
  }
}

function halfStep(rows: SparseRows, other: Float64Array, { width, l2Reg }: Settings): HalfStep {
  const shared = gram(other, rows.columnCount, width);
  const direct = !paysOff(rows, shared, width, l2Reg);
  for (let p = 0; p < width; p++) shared[p * width + p] += l2Reg;
  return {
    ...{ rows, other, width, shared },
    images: direct ? undefined : inverseImages(shared.slice(), other, width),
    matrix: new Float64Array(width * width),
    vector: new Float64Array(width),
    diagonal: new Float64Array(width),
    targets: new Float64Array(width),
  };
}

/**
 * Solves (YᵀY + Yᵀ(C − I)Y + λI)·x = YᵀC·p. YᵀY is the same for all rows, and C − I is zero for
 * all but the seen pairs: that is what makes it fast.
 */
function solveRow({ rows, other, width, shared, matrix, vector }: HalfStep, r: number): void {
  const { starts, columns, values } = rows;
  vector.fill(0);
  for (let e = starts[r]; e < starts[r + 1]; e++) {
    const at = columns[e] * width;
    for (let p = 0; p < width; p++) vector[p] += (1 + values[e]) * other[at + p];
  }
  matrix.set(shared);
  addOuterProducts(matrix, width, other, columns, values, starts[r], starts[r + 1]);
  choleskyInPlace(matrix, width);
  solveCholesky(matrix, width, vector);
}

/** The same solution by way of a system of the row's ratings: w = α·r, c = 1 + α·r. */
function solveRowOfFew(step: HalfStep, images: Float64Array, r: number): void {
  const { rows: { starts, columns, values }, other: vectors, width, diagonal, targets } = step;
  const begin = starts[r];
  const count = starts[r + 1] - begin;
  for (let k = 0; k < count; k++) {
    diagonal[k] = 1 / values[begin + k];
    targets[k] = 1 + diagonal[k]; // c / w
  }
  const kernel = step.matrix;
  solveFew(
    { vectors, images, width, columns, begin, count, diagonal, targets, kernel },
    step.vector,
  );
}

/** Σ A_pq·B_pq of two symmetric matrices given by their upper halves. */
function innerProduct(a: Float64Array, b: Float64Array, width: number): number {
  let sum = 0;
  for (let p = 0; p < width; p++) {
    for (let q = p; q < width; q++) {
      sum += (q > p ? 2 : 1) * a[p * width + q] * b[p * width + q];
    }
  }
  return sum;
}
