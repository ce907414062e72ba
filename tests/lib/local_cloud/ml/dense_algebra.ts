/** Slow, plain least squares over lists: what the fast factorization must agree with. */

/** Solves A·x = b by Gauss's elimination with pivoting. */
export function solveDense(matrix: number[][], vector: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, vector[i]]);
  for (let p = 0; p < rows.length; p++) {
    const pivot = rows.slice(p).reduce((a, b) => Math.abs(b[p]) > Math.abs(a[p]) ? b : a);
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(p, 0, pivot);
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[p] / pivot[p];
      row.forEach((_, k) => row[k] -= factor * pivot[k]);
    }
  }
  return rows.map((row, p) => row[rows.length] / row[p]);
}

/** Minimises Σ wₑ(tₑ − vₑ·x)² + λ‖x‖² by its normal equations. */
export function ridge(
  observations: { weight: number; target: number; vector: number[] }[],
  width: number,
  l2Reg: number,
): number[] {
  const matrix = Array.from({ length: width }, (_, p) =>
    Array.from({ length: width }, (_, q) => {
      const penalty = p === q ? l2Reg : 0;
      return observations.reduce((s, { weight, vector: v }) => s + weight * v[p] * v[q], penalty);
    }));
  const sums = Array.from(
    { length: width },
    (_, p) =>
      observations.reduce((s, { weight, target, vector: v }) => s + weight * target * v[p], 0),
  );
  return solveDense(matrix, sums);
}

/** A row-major matrix as lists. */
export function lists(values: Float64Array, width: number): number[][] {
  return Array.from(
    { length: values.length / width },
    (_, r) => [...values.subarray(r * width, (r + 1) * width)],
  );
}

/** The scalar product. */
export const product = (a: number[], b: number[]) => a.reduce((sum, x, k) => sum + x * b[k], 0);
