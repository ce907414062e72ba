import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import {
  layOut,
  matrixOf,
  statisticsOf,
} from "../../../../lib/local_cloud/warehouse/feature_rows.ts";
import { featuresOf } from "../../../../lib/local_cloud/warehouse/features.ts";

const FEATURES = featuresOf([
  { name: "s", type: { kind: "STRING" } },
  { name: "x", type: { kind: "INT64" } },
  { name: "b", type: { kind: "BOOL" } },
]);

Deno.test("statistics leave NULL out and take the sample's deviation", () => {
  const { min, max, mean, median, stddev, nullCount } = statisticsOf(
    Float64Array.of(8, NaN, 2, 5, NaN, 3),
    true,
  );
  assertEquals([min, max, mean, median, nullCount], [2, 8, 4.5, 4, 2]);
  assertAlmostEquals(stddev, Math.sqrt((12.25 + 6.25 + 0.25 + 2.25) / 3));
});

Deno.test("equal numbers have no deviation, whatever rounding makes of their mean", () => {
  const { mean, stddev, scale } = statisticsOf(new Float64Array(10).fill(0.1), true);
  assertEquals([mean, stddev, scale], [0.1, 0, Infinity]);
});

Deno.test("numbers come first in the matrix, then each text's categories", () => {
  const layout = layOut(FEATURES, [3, 0, 2], 2);
  assertEquals(layout, { dimensions: 6, offsets: [1, 0, 4] });
  const columns = [Float64Array.of(2, 0), Float64Array.of(NaN, 7), Float64Array.of(1, 1)];
  const statistics = [undefined, statisticsOf(columns[1], false), undefined];
  assertEquals([...matrixOf(columns, statistics, layout)], [
    ...[7, 0, 0, 1, 0, 1], // NULL is the mean of the others
    ...[7, 1, 0, 0, 0, 1],
  ]);
});

Deno.test("standardized numbers have mean 0 and deviation 1", () => {
  const column = Float64Array.of(3, 5, 7, 1000);
  const [feature] = featuresOf([{ name: "x", type: { kind: "FLOAT64" } }]);
  const layout = layOut([feature], [0], 4);
  const z = matrixOf([column], [statisticsOf(column, true)], layout);
  const again = statisticsOf(z as Float64Array<ArrayBuffer>, true);
  assertAlmostEquals(again.mean, 0);
  assertAlmostEquals(again.stddev, 1);
});

Deno.test("a matrix above a gibibyte is refused, and the column that makes it so is named", () => {
  assertThrows(
    () => layOut(FEATURES, [200_000, 0, 2], 1000),
    CloudError,
    "1000 rows of 200003 dimensions take 1.5 GiB, and the local warehouse trains on 1 GiB at " +
      "most; column s alone has 200000 values, one dimension each",
  );
});
