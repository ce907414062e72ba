import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import fc from "fast-check";
import {
  adjustedRandIndex,
  averagePrecisionAtK,
  bootstrapInterval,
  catalogueCoverage,
  contingencyTable,
  mean,
  ndcgAtK,
  type Ranking,
  recallAtK,
} from "../../lib/metrics.ts";

const METRICS = [recallAtK, ndcgAtK, averagePrecisionAtK];

Deno.test("ranking metrics of four products agree with pencil and paper", () => {
  const ranking = { recommended: ["a", "b", "c", "d"], relevant: ["b", "d", "x"] };
  assertAlmostEquals(recallAtK(ranking, 4), 2 / 3);
  assertAlmostEquals(recallAtK(ranking, 3), 1 / 3);
  const gain = 1 / Math.log2(3) + 1 / Math.log2(5);
  const ideal = 1 / Math.log2(2) + 1 / Math.log2(3) + 1 / Math.log2(4);
  assertAlmostEquals(ndcgAtK(ranking, 4), gain / ideal);
  assertAlmostEquals(averagePrecisionAtK(ranking, 4), (1 / 2 + 2 / 4) / 3);
});

Deno.test("a metric of nothing relevant is NaN, and so is a mean of nothing", () => {
  for (const metric of METRICS) assertEquals(metric({ recommended: ["a"], relevant: [] }, 3), NaN);
  assertEquals(mean([]), NaN);
  assertEquals(bootstrapInterval([]), [NaN, NaN]);
  assertEquals(adjustedRandIndex([]), NaN);
  assertEquals(catalogueCoverage([], 0), NaN);
});

Deno.test("an empty list has found nothing of what is relevant", () => {
  for (const metric of METRICS) assertEquals(metric({ recommended: [], relevant: ["a"] }, 3), 0);
});

const product = fc.constantFrom(..."abcdefghij");
const ranking: fc.Arbitrary<Ranking> = fc.record({
  recommended: fc.uniqueArray(product),
  relevant: fc.uniqueArray(product, { minLength: 1 }),
});

Deno.test("ranking metrics lie in 0 … 1 and do not look past k", () => {
  fc.assert(fc.property(ranking, fc.integer({ min: 1, max: 12 }), (ranking, k) => {
    const cut = { ...ranking, recommended: ranking.recommended.slice(0, k) };
    for (const metric of METRICS) {
      const value = metric(ranking, k);
      assert(value >= 0 && value <= 1 + 1e-12);
      assertEquals(metric(cut, k), value);
    }
  }));
});

Deno.test("a list with everything relevant first scores 1", () => {
  fc.assert(fc.property(fc.uniqueArray(product, { minLength: 1 }), (relevant) => {
    const perfect = { recommended: [...relevant, "other"], relevant };
    for (const metric of METRICS) assertAlmostEquals(metric(perfect, relevant.length), 1);
  }));
});

Deno.test("moving a hit forward never makes a ranking worse", () => {
  fc.assert(fc.property(ranking, fc.nat(9), ({ recommended, relevant }, at) => {
    const i = at % Math.max(1, recommended.length - 1);
    if (recommended.length < 2 || !relevant.includes(recommended[i + 1])) return;
    const better = [...recommended];
    [better[i], better[i + 1]] = [better[i + 1], better[i]];
    for (const metric of METRICS) {
      const gained = metric({ recommended: better, relevant }, 5) -
        metric({ recommended, relevant }, 5);
      // Two hits change places without effect.
      assert(gained >= -1e-12);
    }
  }));
});

Deno.test("coverage counts each product once", () => {
  assertEquals(catalogueCoverage([["a", "b"], ["b", "c"], []], 4), 3 / 4);
});

Deno.test("the adjusted Rand index agrees with a worked example", () => {
  // Hubert and Arabie's way on six things: {1,1,1,2,2,2} against {1,1,2,2,3,3}.
  assertAlmostEquals(adjustedRandIndex([[2, 1, 0], [0, 1, 2]]), (2 - 1.2) / (4.5 - 1.2));
});

const table = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain((
  [rows, columns],
) =>
  fc.array(fc.array(fc.nat(20), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  })
);

Deno.test("the adjusted Rand index is at most 1 and the same from either side", () => {
  fc.assert(fc.property(table, (table) => {
    const turned = table[0].map((_, j) => table.map((row) => row[j]));
    const index = adjustedRandIndex(table);
    if (Number.isNaN(index)) return;
    assert(index <= 1 + 1e-12);
    assertAlmostEquals(adjustedRandIndex(turned), index, 1e-9);
  }));
});

Deno.test("groups that agree up to their names have index 1", () => {
  assertEquals(adjustedRandIndex([[0, 7, 0], [0, 0, 3], [4, 0, 0]]), 1);
  assertEquals(adjustedRandIndex([[9]]), 1);
  assertEquals(adjustedRandIndex([[1]]), 1);
});

Deno.test("a bootstrap interval holds the mean, and the same seed gives the same one", () => {
  const values = Array.from({ length: 200 }, (_, i) => i % 2);
  const [low, high] = bootstrapInterval(values, { seed: 3 });
  assertLess(low, 0.5);
  assertGreater(high, 0.5);
  // Normal approximation: 0.5 ± 1.96 · 0.5 / √200.
  assertAlmostEquals(high - low, 2 * 1.96 * 0.5 / Math.sqrt(200), 0.02);
  assertEquals(bootstrapInterval(values, { seed: 3 }), [low, high]);
  assertEquals(bootstrapInterval([4, 4, 4]), [4, 4]);
});

Deno.test("a contingency table has a place for each pair, counted or not", () => {
  const counts = [["a", 1, 3], ["b", 2, 4], ["a", 2, 5]] as const;
  assertEquals(contingencyTable(counts), [[3, 5], [0, 4]]);
  assertEquals(contingencyTable([]), []);
});
