/**
 * Recommendations for somebody whom the model was not trained on, from what they just looked at: the
 * products' factors stay, and the visitor's are solved for. Pure.
 */
import { badInput } from "./failure.ts";

/** A product as product_affinity knows it. */
export interface ItemRow {
  product: string;
  product_group: string | null;
  /** US dollars for one piece. */
  price_usd: number | null;
  /** As many as the model has, in their order. */
  factors: readonly number[];
}

/** The products' factors, laid out for arithmetic. */
export interface ItemFactors {
  /** In the order of the rows of `weights`. */
  items: readonly Omit<ItemRow, "factors">[];
  /** Row of each product, by name. */
  rowOf: ReadonlyMap<string, number>;
  /** Factors of each product. */
  width: number;
  /** items × width, row-major: Y. */
  weights: Float64Array;
  /** width × width: YᵀY, the same for every visitor. */
  gram: Float64Array;
}

/** How strongly somebody wants a product; on the scale that the model was trained on. */
export interface VisitorRating {
  product: string;
  /** Above 0; the corrected matrix counts 0.2 for a look, 0.5 for the cart, 1 for a piece bought. */
  rating: number;
}

/** Options of {@link foldIn}: those that the model was trained with. */
export interface FoldInOptions {
  /** λ, above 0. Default 30. */
  l2Reg?: number;
  /** α of the confidence 1 + α · rating, 0 or more. Default 10, that of the corrected matrix. */
  walsAlpha?: number;
}

/** A product for a visitor. */
export interface VisitorRecommendation {
  product_recommended: string;
  /** About 0 … 1, and may leave it. */
  predicted_rating_confidence: number;
  product_group: string | null;
  /** US dollars for one piece. */
  price_usd: number | null;
}

/**
 * Lays factors out for arithmetic.
 *
 * @throws {Failure} If there is no product, or not all have as many factors.
 */
export function toItemFactors(rows: readonly ItemRow[]): ItemFactors {
  const width = rows[0]?.factors.length ?? 0;
  if (width === 0 || rows.some(({ factors }) => factors.length !== width)) {
    throw badInput(
      `Cannot lay out the factors of ${rows.length} products as each must have the same number of ` +
        "them, 1 or more: read them from a trained model",
    );
  }
  const weights = Float64Array.from(rows.flatMap(({ factors }) => factors));
  const items = rows.map(({ product, product_group, price_usd }) => ({
    ...{ product, product_group, price_usd },
  }));
  const rowOf = new Map(rows.map(({ product }, row) => [product, row]));
  const gram = new Float64Array(width * width);
  for (let row = 0; row < rows.length; row++) {
    addOuterProduct(gram, weights.subarray(row * width, (row + 1) * width), 1);
  }
  return { items, rowOf, width, weights, gram };
}

/**
 * The factors of a visitor, by the half-step of the training that solves one user:
 * (YᵀY + Yᵀ(C − I)Y + λI)·x = YᵀC·p, c = 1 + α·r, p = 1 for the products rated and 0 for others
 * (Hu, Koren, Volinsky 2008, http://yifanhu.net/PUB/cf.pdf). Ratings of the same product add up;
 * products that the model does not know and ratings not above 0 are left out. Without any, zeros.
 *
 * @returns As many as the model has.
 * @throws {Failure} If an option is out of its range or a rating is not finite.
 */
export function foldIn(
  factors: ItemFactors,
  ratings: readonly VisitorRating[],
  { l2Reg = 30, walsAlpha = 10 }: FoldInOptions = {},
): Float64Array {
  if (!(l2Reg > 0 && l2Reg < Infinity)) {
    throw badInput(`Cannot fold in with l2Reg ${l2Reg} as it must be above 0: take the model's`);
  }
  if (!(walsAlpha >= 0 && walsAlpha < Infinity)) {
    throw badInput(
      `Cannot fold in with walsAlpha ${walsAlpha} as it must be 0 or more: take the model's`,
    );
  }
  const { width, weights, gram } = factors;
  const matrix = gram.slice();
  for (let k = 0; k < width; k++) matrix[k * width + k] += l2Reg;
  const vector = new Float64Array(width);
  for (const [row, rating] of sumByRow(factors, ratings)) {
    const item = weights.subarray(row * width, (row + 1) * width);
    addOuterProduct(matrix, item, walsAlpha * rating);
    for (let k = 0; k < width; k++) vector[k] += (1 + walsAlpha * rating) * item[k];
  }
  return solvePositiveDefinite(matrix, vector);
}

/**
 * The products that fit a visitor's factors, best first; of equal ones the first by name.
 *
 * @param options.exclude Products not to recommend, such as those just seen. Default none.
 * @param options.limit How many at most. Default 5.
 */
export function recommendFrom(
  { items, width, weights }: ItemFactors,
  visitor: Float64Array,
  { exclude = [], limit = 5 }: { exclude?: Iterable<string>; limit?: number } = {},
): VisitorRecommendation[] {
  const excluded = new Set(exclude);
  return items
    .map(({ product, product_group, price_usd }, row) => ({
      product_recommended: product,
      predicted_rating_confidence: dot(weights.subarray(row * width, (row + 1) * width), visitor),
      ...{ product_group, price_usd },
    }))
    .filter(({ product_recommended }) => !excluded.has(product_recommended))
    .sort((a, b) =>
      b.predicted_rating_confidence - a.predicted_rating_confidence ||
      (a.product_recommended < b.product_recommended ? -1 : 1)
    )
    .slice(0, limit);
}

function sumByRow({ rowOf }: ItemFactors, ratings: readonly VisitorRating[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { product, rating } of ratings) {
    if (!Number.isFinite(rating)) {
      throw badInput(`Cannot fold in a rating of ${rating} for ${product}: give a finite number`);
    }
    const row = rowOf.get(product);
    if (row !== undefined && rating > 0) sums.set(row, (sums.get(row) ?? 0) + rating);
  }
  return sums;
}

/** A ← A + w·v·vᵀ */
function addOuterProduct(matrix: Float64Array, vector: Float64Array, weight: number): void {
  const width = vector.length;
  for (let p = 0; p < width; p++) {
    for (let q = 0; q < width; q++) matrix[p * width + q] += weight * vector[p] * vector[q];
  }
}

/** x of A·x = b by A = L·Lᵀ (Cholesky); A and b are overwritten. */
function solvePositiveDefinite(matrix: Float64Array, vector: Float64Array): Float64Array {
  const width = vector.length;
  for (let row = 0; row < width; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * width + column];
      for (let k = 0; k < column; k++) rest -= matrix[row * width + k] * matrix[column * width + k];
      matrix[row * width + column] = column === row
        ? Math.sqrt(rest)
        : rest / matrix[column * width + column];
    }
  }
  for (let row = 0; row < width; row++) { // L·z = b
    for (let k = 0; k < row; k++) vector[row] -= matrix[row * width + k] * vector[k];
    vector[row] /= matrix[row * width + row];
  }
  for (let row = width - 1; row >= 0; row--) { // Lᵀ·x = z
    for (let k = row + 1; k < width; k++) vector[row] -= matrix[k * width + row] * vector[k];
    vector[row] /= matrix[row * width + row];
  }
  return vector;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
