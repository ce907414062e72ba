/** The sums of outer products that least-squares solves spend their time in. */

/**
 * Adds Σₑ wₑ·v·vᵀ to the upper half of a matrix, where v is the vector of entry e, columns[e].
 * Four entries at a time, so that each element of the matrix is loaded and stored once for four.
 *
 * @param matrix width × width, row-major; only its upper half is touched.
 * @param vectors … × width, row-major.
 * @param columns The vector of each entry.
 * @param weights The weight wₑ of each entry.
 * @param begin First entry.
 * @param end One past the last entry.
 */
export function addOuterProducts(
  matrix: Float64Array,
  width: number,
  vectors: Float64Array,
  columns: Uint32Array,
  weights: Float64Array,
  begin: number,
  end: number,
): void {
  let e = begin;
  for (; e + 3 < end; e += 4) {
    const a = columns[e] * width;
    const b = columns[e + 1] * width;
    const c = columns[e + 2] * width;
    const d = columns[e + 3] * width;
    for (let p = 0; p < width; p++) {
      const ap = weights[e] * vectors[a + p];
      const bp = weights[e + 1] * vectors[b + p];
      const cp = weights[e + 2] * vectors[c + p];
      const dp = weights[e + 3] * vectors[d + p];
      for (let q = p, at = p * width + p; q < width; q++, at++) {
        matrix[at] += ap * vectors[a + q] + bp * vectors[b + q] +
          (cp * vectors[c + q] + dp * vectors[d + q]);
      }
    }
  }
  for (; e < end; e++) {
    const a = columns[e] * width;
    for (let p = 0; p < width; p++) {
      const ap = weights[e] * vectors[a + p];
      for (let q = p, at = p * width + p; q < width; q++, at++) matrix[at] += ap * vectors[a + q];
    }
  }
}

/** YᵀY, upper half, of count vectors (count × width, row-major). */
export function gram(vectors: Float64Array, count: number, width: number): Float64Array {
  const all = Uint32Array.from({ length: count }, (_, i) => i);
  const matrix = new Float64Array(width * width);
  addOuterProducts(matrix, width, vectors, all, new Float64Array(count).fill(1), 0, count);
  return matrix;
}

/** Σ of the squares of all elements. */
export function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

/** a[aStart …] · b[bStart …], width elements. */
export function dot(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  width: number,
): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += a[aStart + k] * b[bStart + k];
  return sum;
}
