/** Training rows as k-means takes them: a dense matrix, and the statistics that made it. */
import { CloudError } from "../errors.ts";
import type { Feature } from "./features.ts";

/** What training learns of a feature; a statistic that does not apply is NaN. */
export interface FeatureStatistics {
  min: number;
  max: number;
  mean: number;
  median: number;
  /** Of the sample: Σ(x − mean)² / (n − 1), the root of it; 0 for one row. */
  stddev: number;
  nullCount: number;
  /** A number enters the distance as z = (x − center) / scale. */
  center: number;
  scale: number;
}

/**
 * Statistics of a numeric column, summed in rising order so that the rows' order does not matter.
 *
 * With `standardize`, center and scale are mean and standard deviation; a column that never varies
 * gets an infinite scale, so that it is 0 everywhere.
 *
 * @param column NaN for NULL; at least one value is not.
 */
export function statisticsOf(column: Float64Array, standardize: boolean): FeatureStatistics {
  const values = column.filter((value) => !Number.isNaN(value)).sort();
  const n = values.length;
  const middle = (n - 1) / 2;
  const median = (values[Math.floor(middle)] + values[Math.ceil(middle)]) / 2;
  const mean = clampTo(values, values.reduce((sum, value) => sum + value, 0) / n);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const stddev = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
  return {
    ...{ min: values[0], max: values[n - 1], mean, median, stddev },
    nullCount: column.length - n,
    center: standardize ? mean : 0,
    scale: standardize ? (stddev > 0 ? stddev : Infinity) : 1,
  };
}

/** Rounding may carry the mean of equal numbers beside them, and their deviation above 0. */
const clampTo = (sorted: Float64Array, mean: number) =>
  Math.min(sorted[sorted.length - 1], Math.max(sorted[0], mean));

/** Where the matrix of training rows ends, in bytes. */
const MATRIX_BYTES = 2 ** 30;

/** The columns of a matrix: one for a number, one for each category of a text. */
export interface MatrixLayout {
  dimensions: number;
  /** The first column of each feature. */
  offsets: number[];
}

/**
 * Lays features out: the numbers first, then the categories of each text.
 *
 * @param categories How many each feature has; 0 for a number.
 * @throws {CloudError} `resourcesExceeded`, naming the feature with the most categories, if the
 * matrix would take more than 1 GiB.
 */
export function layOut(features: Feature[], categories: number[], rows: number): MatrixLayout {
  let dimensions = 0;
  const offsets: number[] = [];
  for (const kind of ["NUMERIC", "CATEGORICAL"]) {
    features.forEach((feature, i) => {
      if (feature.kind !== kind) return;
      offsets[i] = dimensions;
      dimensions += kind === "NUMERIC" ? 1 : categories[i];
    });
  }
  const bytes = rows * dimensions * Float64Array.BYTES_PER_ELEMENT;
  if (bytes > MATRIX_BYTES) {
    const most = categories.indexOf(Math.max(...categories));
    const gib = (bytes / 2 ** 30).toFixed(1);
    throw new CloudError(
      "resourcesExceeded",
      `Resources exceeded: ${rows} rows of ${dimensions} dimensions take ${gib} GiB, and the local ` +
        `warehouse trains on 1 GiB at most` +
        (categories[most] > 0
          ? `; column ${features[most].name} alone has ${
            categories[most]
          } values, one dimension each`
          : ""),
    );
  }
  return { dimensions, offsets };
}

/**
 * The matrix of training rows, rows × dimensions, row-major, in shared memory: the worker that
 * trains on it gets it without a copy.
 *
 * @param columns By feature: numbers with NaN for NULL, which becomes the mean; codes of categories.
 */
export function matrixOf(
  columns: Float64Array[],
  statistics: (FeatureStatistics | undefined)[],
  { dimensions, offsets }: MatrixLayout,
): Float64Array {
  const rows = columns[0].length;
  const bytes = rows * dimensions * Float64Array.BYTES_PER_ELEMENT;
  const matrix = new Float64Array(new SharedArrayBuffer(bytes));
  columns.forEach((column, f) => {
    const numeric = statistics[f];
    for (let row = 0; row < rows; row++) {
      const at = row * dimensions + offsets[f];
      if (numeric === undefined) {
        matrix[at + column[row]] = 1;
        continue;
      }
      const value = Number.isNaN(column[row]) ? numeric.mean : column[row];
      matrix[at] = (value - numeric.center) / numeric.scale; // z; 0 where the scale is infinite
    }
  });
  return matrix;
}
