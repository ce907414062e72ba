import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { choleskyInPlace, solveCholesky } from "../../../../lib/local_cloud/ml/cholesky.ts";

function solve(matrix: number[], vector: number[]): number[] {
  const factor = Float64Array.from(matrix);
  const solution = Float64Array.from(vector);
  choleskyInPlace(factor, vector.length);
  solveCholesky(factor, vector.length, solution);
  return [...solution];
}

Deno.test("a system worked by hand is solved", () => {
  // [4 2; 2 5]·x = [8; 12]: U = [2 1; 0 2], z = [4; 4], x = [1; 2]
  assertEquals(solve([4, 2, 2, 5], [8, 12]), [1, 2]);
});

Deno.test("only the upper half is read", () => {
  assertEquals(solve([4, 2, NaN, 5], [8, 12]), [1, 2]);
});

Deno.test("a singular but consistent system is solved with the dependent coordinate at 0", () => {
  // x₁ + x₂ = 3, twice
  assertEquals(solve([1, 1, 1, 1], [3, 3]), [3, 0]);
  assertEquals(solve([0, 0, 0, 0], [0, 0]), [0, 0]);
});

Deno.test("A·x gives b back for random positive definite A of order 1 to 12", () => {
  const value = fc.double({ min: -10, max: 10, noNaN: true });
  const system = fc.integer({ min: 1, max: 12 }).chain((order) =>
    fc.record({
      root: fc.array(value, { minLength: order * order, maxLength: order * order }),
      b: fc.array(value, { minLength: order, maxLength: order }),
    })
  );
  fc.assert(fc.property(system, ({ root, b }) => {
    const n = b.length;
    const matrix = Array.from({ length: n * n }, (_, at) => { // RᵀR + I
      const [p, q] = [Math.floor(at / n), at % n];
      let sum = p === q ? 1 : 0;
      for (let k = 0; k < n; k++) sum += root[k * n + p] * root[k * n + q];
      return sum;
    });
    const x = solve(matrix, b);
    b.forEach((expected, p) => {
      const product = x.reduce((sum, entry, q) => sum + matrix[p * n + q] * entry, 0);
      assertAlmostEquals(product, expected, 1e-9 * (1 + Math.abs(expected)));
    });
  }));
});
