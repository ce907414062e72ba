/** Small symmetric systems of equations, solved in place without allocating. */

/**
 * Relative size under which a pivot counts as zero: what rounding leaves of a coordinate that
 * depends on the ones before it.
 */
const DEPENDENT = 1e-13;

/**
 * Replaces the upper half of a symmetric positive semi-definite matrix by a factor for
 * {@link solveCholesky}: U of A = Uᵀ·U, but with 1/U_jj in the place of each U_jj, as divisions are
 * slow. The lower half is neither read nor written.
 *
 * A coordinate that depends on the ones before it gets 0 on the diagonal, and the solution's
 * coordinate is 0, so that a singular but consistent system (the normal equations of any
 * least-squares problem) still gives one of its solutions.
 *
 * Two pivots are eliminated at a time: each element behind them is loaded and stored once for two.
 *
 * @param matrix order × order, row-major.
 */
export function choleskyInPlace(matrix: Float64Array, order: number): void {
  const limit = DEPENDENT * greatestDiagonal(matrix, order);
  for (let j = 0; j < order; j += 2) {
    const row = j * order;
    const second = row + order;
    const inverse = inverseRoot(matrix[row + j], limit);
    matrix[row + j] = inverse;
    if (j + 1 === order) return;
    const factor = matrix[row + j + 1] * inverse; // U_jk = A_jk / U_jj
    matrix[row + j + 1] = factor;
    const secondInverse = inverseRoot(matrix[second + j + 1] - factor * factor, limit);
    matrix[second + j + 1] = secondInverse;
    for (let k = j + 2; k < order; k++) {
      const entry = matrix[row + k] * inverse;
      matrix[row + k] = entry;
      matrix[second + k] = (matrix[second + k] - factor * entry) * secondInverse;
    }
    eliminate(matrix, order, j);
  }
}

/** A_ik ← A_ik − U_ji·U_jk − U_j'i·U_j'k behind rows j and j' = j + 1. */
function eliminate(matrix: Float64Array, order: number, j: number): void {
  const row = j * order;
  const second = row + order;
  for (let i = j + 2; i < order; i++) {
    const a = matrix[row + i];
    const b = matrix[second + i];
    for (let k = i, at = i * order + i; k < order; k++, at++) {
      matrix[at] -= a * matrix[row + k] + b * matrix[second + k];
    }
  }
}

function greatestDiagonal(matrix: Float64Array, order: number): number {
  let greatest = 0;
  for (let at = 0; at < order * order; at += order + 1) greatest = Math.max(greatest, matrix[at]);
  return greatest;
}

function inverseRoot(pivot: number, limit: number): number {
  return pivot > limit ? 1 / Math.sqrt(pivot) : 0;
}

/**
 * Replaces a right-hand side b by the solution x of A·x = b.
 *
 * @param factor What {@link choleskyInPlace} made of A, order × order.
 * @param vector b on entry, x on return.
 */
export function solveCholesky(factor: Float64Array, order: number, vector: Float64Array): void {
  for (let i = 0; i < order; i++) { // Uᵀ·z = b
    const diagonal = i * order + i;
    const value = vector[i] * factor[diagonal];
    vector[i] = value;
    for (let k = i + 1, at = diagonal + 1; k < order; k++, at++) vector[k] -= factor[at] * value;
  }
  for (let i = order - 1; i >= 0; i--) { // U·x = z
    const diagonal = i * order + i;
    let sum = vector[i];
    for (let k = i + 1, at = diagonal + 1; k < order; k++, at++) sum -= factor[at] * vector[k];
    vector[i] = sum * factor[diagonal];
  }
}
