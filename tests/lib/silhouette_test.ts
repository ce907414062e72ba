import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { silhouette } from "../../lib/metrics.ts";

Deno.test("the silhouette of two pairs on a line agrees with pencil and paper", () => {
  // For 0: a = 1, b = (10 + 11) / 2; for 1: a = 1, b = (9 + 10) / 2; the other side is alike.
  const expected = ((10.5 - 1) / 10.5 + (9.5 - 1) / 9.5) / 2;
  assertAlmostEquals(silhouette([[0], [1], [10], [11]], [1, 1, 2, 2]), expected);
});

Deno.test("a point alone in its cluster counts 0, and one on the wrong side counts less", () => {
  // 0 and 1 are (10 − 1) / 10 and (9 − 1) / 9; 10 is alone.
  assertAlmostEquals(silhouette([[0], [1], [10]], [1, 1, 2]), (9 / 10 + 8 / 9) / 3);
  assert(silhouette([[0], [1], [10], [11]], [1, 2, 1, 2]) < 0);
});

Deno.test("fewer than two clusters have no silhouette, and points all alike have 0", () => {
  assertEquals(silhouette([], []), NaN);
  assertEquals(silhouette([[1], [2]], [3, 3]), NaN);
  assertEquals(silhouette([[1, 1], [1, 1], [1, 1], [1, 1]], [1, 1, 2, 2]), 0);
});

/** The definition word for word, a distance at a time. */
function slowSilhouette(points: readonly number[][], clusters: readonly number[]): number {
  const distance = (i: number, j: number) =>
    Math.hypot(points[i][0] - points[j][0], points[i][1] - points[j][1]);
  const meanTo = (i: number, members: number[]) =>
    members.reduce((sum, j) => sum + distance(i, j), 0) / members.length;
  const membersOf = (id: number) => clusters.flatMap((cluster, j) => cluster === id ? [j] : []);
  const scores = points.map((_, i) => {
    const own = membersOf(clusters[i]).filter((j) => j !== i);
    if (own.length === 0) return 0;
    const others = [...new Set(clusters)].filter((id) => id !== clusters[i]);
    const a = meanTo(i, own);
    const b = Math.min(...others.map((id) => meanTo(i, membersOf(id))));
    return Math.max(a, b) === 0 ? 0 : (b - a) / Math.max(a, b);
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

const labelled = fc.record({ x: fc.integer(), y: fc.nat(50), cluster: fc.nat(3) });

Deno.test("the silhouette agrees with its definition and lies in −1 … 1", () => {
  fc.assert(fc.property(fc.array(labelled, { minLength: 2, maxLength: 30 }), (rows) => {
    const points = rows.map(({ x, y }) => [x % 50, y]);
    const clusters = rows.map(({ cluster }) => cluster);
    if (new Set(clusters).size < 2) return;
    const value = silhouette(points, clusters);
    assert(value >= -1 && value <= 1);
    assertAlmostEquals(value, slowSilhouette(points, clusters), 1e-9);
  }));
});
