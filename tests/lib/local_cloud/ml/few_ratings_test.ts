import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  inverseImages,
  isFew,
  paysOff,
  solveFew,
} from "../../../../lib/local_cloud/ml/few_ratings.ts";
import { gram } from "../../../../lib/local_cloud/ml/normal_equations.ts";
import { fillNormal, uniformFrom } from "../../../../lib/local_cloud/ml/random.ts";
import { lists, ridge } from "./dense_algebra.ts";

Deno.test("a row of three ratings gets the solution of the dense normal equations", () => {
  // Six vectors of eight factors; the row has seen 4, 0 and 2 with α·r of 3, 1 and 0.5.
  const vectors = new Float64Array(6 * 8);
  fillNormal(vectors, 1, uniformFrom(2));
  const shared = gram(vectors, 6, 8);
  for (let p = 0; p < 8; p++) shared[9 * p] += 0.7;
  const seen = new Map([[4, 3], [0, 1], [2, 0.5]]);
  const expected = ridge(
    lists(vectors, 8).map((vector, at) => ({
      vector,
      weight: 1 + (seen.get(at) ?? 0),
      target: seen.has(at) ? 1 : 0,
    })),
    8,
    0.7,
  );
  const solution = new Float64Array(8);
  const weights = Float64Array.from(seen.values());
  solveFew({
    ...{ vectors, images: inverseImages(shared, vectors, 8), width: 8 },
    ...{ columns: Uint32Array.from(seen.keys()), begin: 0, count: 3 },
    diagonal: weights.map((w) => 1 / w),
    targets: weights.map((w) => (1 + w) / w),
    kernel: new Float64Array(9),
  }, solution);
  expected.forEach((v, p) => assertAlmostEquals(solution[p], v, 1e-10));
});

Deno.test("the way pays off when short rows outnumber columns and the penalty is no rounding", () => {
  const rows = {
    ...{ rowCount: 3, columnCount: 2, starts: Uint32Array.of(0, 1, 2, 3) },
    ...{ columns: Uint32Array.of(0, 1, 0), values: Float64Array.of(1, 1, 1) },
  };
  const unit = Float64Array.of(1, 0, 0, 1);
  assertEquals(isFew(1, 2), true);
  assertEquals(isFew(2, 2), false);
  assertEquals(paysOff(rows, unit, 2, 0.1), true);
  assertEquals(paysOff(rows, unit, 2, 1e-9), false);
  assertEquals(paysOff({ ...rows, columnCount: 3 }, unit, 2, 0.1), false);
});
