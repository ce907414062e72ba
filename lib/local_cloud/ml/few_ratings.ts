/**
 * The same least-squares solution from a system as large as the row has ratings, not factors: most
 * visitors rate a handful, and (G + V·W·Vᵀ)⁻¹·V·c = G⁻¹V·(W⁻¹ + VᵀG⁻¹V)⁻¹·W⁻¹c (the matrix
 * inversion lemma, https://en.wikipedia.org/wiki/Woodbury_matrix_identity).
 */
import { choleskyInPlace, solveCholesky } from "./cholesky.ts";
import { dot } from "./normal_equations.ts";
import type { SparseRows } from "./ratings.ts";

/** A penalty smaller than this share of YᵀY would cost digits on this way. */
const SAFE_PENALTY = 1e-6;

/** Rows with more ratings than this share of the factors gain nothing on this way. */
const FEW = 0.5;

/** Whether a row with so many ratings is solved faster, and as exactly, on this way. */
export function isFew(ratings: number, width: number): boolean {
  return ratings <= FEW * width;
}

/**
 * Whether G = YᵀY + λI may be inverted once for all rows: the penalty is large enough, and rows
 * with few ratings outnumber the vectors that G⁻¹ is applied to.
 */
export function paysOff(rows: SparseRows, gram: Float64Array, width: number, l2Reg: number) {
  let few = 0;
  for (let r = 0; r < rows.rowCount; r++) {
    if (isFew(rows.starts[r + 1] - rows.starts[r], width)) few++;
  }
  let trace = 0;
  for (let p = 0; p < width; p++) trace += gram[p * width + p];
  return few > rows.columnCount && l2Reg > SAFE_PENALTY * trace;
}

/** G⁻¹y for every vector y, count × width. `matrix` is G, upper half, and is overwritten. */
export function inverseImages(matrix: Float64Array, vectors: Float64Array, width: number) {
  choleskyInPlace(matrix, width);
  const images = vectors.slice();
  for (let at = 0; at < images.length; at += width) {
    solveCholesky(matrix, width, images.subarray(at, at + width));
  }
  return images;
}

/** One row's ratings in the form this way needs: the k-th has vector v_k and its image G⁻¹·v_k. */
export interface FewRatings {
  readonly vectors: Float64Array;
  readonly images: Float64Array;
  readonly width: number;
  /** Where each rating's vector is. */
  readonly columns: Uint32Array;
  readonly begin: number;
  readonly count: number;
  /** 1 / w_k. */
  readonly diagonal: Float64Array;
  /** c_k / w_k on entry; overwritten. */
  readonly targets: Float64Array;
  /** Room for count × count numbers. */
  readonly kernel: Float64Array;
}

/** Solves (W⁻¹ + VᵀG⁻¹V)·s = W⁻¹c and writes x = G⁻¹V·s. */
export function solveFew(row: FewRatings, solution: Float64Array): void {
  const { vectors, images, width, columns, begin, count, diagonal, targets, kernel } = row;
  for (let a = 0; a < count; a++) {
    const v = columns[begin + a] * width;
    for (let b = a; b < count; b++) {
      kernel[a * count + b] = dot(vectors, v, images, columns[begin + b] * width, width);
    }
    kernel[a * count + a] += diagonal[a];
  }
  choleskyInPlace(kernel, count);
  solveCholesky(kernel, count, targets);
  solution.fill(0);
  for (let a = 0; a < count; a++) {
    const image = columns[begin + a] * width;
    for (let p = 0; p < width; p++) solution[p] += targets[a] * images[image + p];
  }
}
