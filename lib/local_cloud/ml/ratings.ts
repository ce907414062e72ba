/** Ratings as triples, and by user or by item for the solves of a factorization. */

/** Observations (user, item, rating) in any order; three arrays of the same length. */
export interface Ratings {
  userCount: number;
  itemCount: number;
  /** 0 … userCount − 1. */
  users: Uint32Array;
  /** 0 … itemCount − 1. */
  items: Uint32Array;
  values: Float64Array;
}

/** A sparse matrix by rows (compressed sparse rows). */
export interface SparseRows {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Row r holds the entries starts[r] … starts[r + 1] − 1. */
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float64Array;
}

/** Lays ratings out by user, items rising within a user, equal pairs in the order given. */
export function byUser(ratings: Ratings): SparseRows {
  const { userCount, itemCount, users, items, values } = ratings;
  return transpose(compress(items, users, values, itemCount, userCount));
}

/** Exchanges rows and columns; columns rise within a row. */
export function transpose(matrix: SparseRows): SparseRows {
  const { rowCount, columnCount, starts, columns, values } = matrix;
  const rows = new Uint32Array(columns.length);
  for (let r = 0; r < rowCount; r++) rows.fill(r, starts[r], starts[r + 1]);
  return compress(columns, rows, values, columnCount, rowCount);
}

/**
 * Adds up equal (row, column) entries, negative values as 0, and drops entries that come to 0.
 *
 * @param matrix Columns rise within each row.
 */
export function sumPositive(matrix: SparseRows): SparseRows {
  const { rowCount, columnCount } = matrix;
  const starts = new Uint32Array(rowCount + 1);
  const columns = new Uint32Array(matrix.columns.length);
  const values = new Float64Array(matrix.columns.length);
  let end = 0;
  for (let r = 0; r < rowCount; r++) {
    const begin = end;
    for (let e = matrix.starts[r]; e < matrix.starts[r + 1]; e++) {
      const value = matrix.values[e];
      if (!(value > 0)) continue;
      const isNew = end === begin || columns[end - 1] !== matrix.columns[e];
      if (isNew) columns[end++] = matrix.columns[e];
      values[end - 1] += value;
    }
    starts[r + 1] = end;
  }
  return {
    ...{ rowCount, columnCount, starts },
    columns: columns.slice(0, end),
    values: values.slice(0, end),
  };
}

/** Counting sort by row, stable. */
function compress(
  rows: Uint32Array,
  columnOf: Uint32Array,
  valueOf: Float64Array,
  rowCount: number,
  columnCount: number,
): SparseRows {
  const starts = new Uint32Array(rowCount + 1);
  for (let e = 0; e < rows.length; e++) starts[rows[e] + 1]++;
  for (let r = 0; r < rowCount; r++) starts[r + 1] += starts[r];
  const next = starts.slice();
  const columns = new Uint32Array(rows.length);
  const values = new Float64Array(rows.length);
  for (let e = 0; e < rows.length; e++) {
    const place = next[rows[e]]++;
    columns[place] = columnOf[e];
    values[place] = valueOf[e];
  }
  return { rowCount, columnCount, starts, columns, values };
}
