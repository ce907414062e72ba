import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Failure } from "../../lib/failure.ts";
import { foldIn, recommendFrom, toItemFactors } from "../../lib/fold_in.ts";
import { factorize } from "../../lib/local_cloud/ml/als.ts";

function rows(...factors: number[][]) {
  return factors.map((each, i) => ({
    product: `p${i}`,
    product_group: i % 2 === 0 ? "even" : "odd",
    price_usd: i + 1,
    factors: each,
  }));
}

Deno.test("one factor is solved as by hand", () => {
  // (4 + 9 + 10·1·4 + 7)·x = (1 + 10·1)·2, so 60·x = 22
  const factors = toItemFactors(rows([2], [3]));
  const [x] = foldIn(factors, [{ product: "p0", rating: 1 }], { l2Reg: 7, walsAlpha: 10 });
  assertAlmostEquals(x, 22 / 60, 1e-12);
});

Deno.test("the system is solved to its end: what is put back in gives the right-hand side", () => {
  // YᵀY + λI = [[3, 1], [1, 3]]; a rating of 0.5 with α 4 adds 2·y·yᵀ = [[2, 2], [2, 2]]
  const factors = toItemFactors(rows([1, 1], [1, 0], [0, 1]));
  const [a, b] = foldIn(factors, [{ product: "p0", rating: 0.5 }], { l2Reg: 1, walsAlpha: 4 });
  assertAlmostEquals(5 * a + 3 * b, 3, 1e-12);
  assertAlmostEquals(3 * a + 5 * b, 3, 1e-12);
});

Deno.test("ratings of a trained user folded in give that user's factors", () => {
  const seen = [[0, 0, 1], [0, 1, 2], [1, 1, 1], [1, 2, 0.5], [2, 3, 3], [2, 2, 1], [3, 0, 2]];
  const column = (at: number) => Uint32Array.from(seen, (triple) => triple[at]);
  const model = factorize({
    ...{ userCount: 4, itemCount: 4, users: column(0), items: column(1) },
    values: Float64Array.from(seen, ([, , value]) => value),
  }, {
    ...{ feedback: "IMPLICIT", factors: 3, l2Reg: 0.5, walsAlpha: 10 },
    ...{ maxIterations: 5000, earlyStop: false },
  });
  const items = [0, 1, 2, 3].map((i) => [...model.itemFactors.subarray(3 * i, 3 * i + 3)]);
  const factors = toItemFactors(rows(...items));
  for (let user = 0; user < 4; user++) {
    const ratings = seen.filter(([u]) => u === user)
      .map(([, item, rating]) => ({ product: `p${item}`, rating }));
    foldIn(factors, ratings, { l2Reg: 0.5, walsAlpha: 10 })
      .forEach((x, k) => assertAlmostEquals(x, model.userFactors[3 * user + k], 1e-6));
  }
});

Deno.test("without anything known and liked, the factors are zero", () => {
  fc.assert(fc.property(
    fc.array(
      fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
    fc.double({ min: 0.01, max: 100, noNaN: true }),
    (items, l2Reg) => {
      const factors = toItemFactors(rows(...items));
      const ratings = [{ product: "unknown", rating: 1 }, { product: "p0", rating: 0 }];
      for (const given of [[], ratings]) {
        assert(foldIn(factors, given, { l2Reg }).every((x) => x === 0));
      }
    },
  ));
});

Deno.test("ratings of one product add up, and their order does not matter", () => {
  const factors = toItemFactors(rows([1, 0.5], [0.2, -1]));
  const once = foldIn(factors, [{ product: "p0", rating: 0.4 }, { product: "p1", rating: 1 }]);
  const parts = foldIn(factors, [
    ...[{ product: "p1", rating: 1 }, { product: "p0", rating: 0.2 }],
    { product: "p0", rating: 0.2 },
  ]);
  once.forEach((x, k) => assertAlmostEquals(x, parts[k], 1e-12));
});

Deno.test("products are ranked by confidence, without those excluded, equal ones by name", () => {
  const factors = toItemFactors(rows([1, 0], [0, 1], [2, 0], [1, 0]));
  const visitor = Float64Array.of(0.5, 0.1);
  const names = (options = {}) =>
    recommendFrom(factors, visitor, options).map((row) => row.product_recommended);
  assertEquals(names(), ["p2", "p0", "p3", "p1"]);
  assertEquals(names({ exclude: ["p2"], limit: 2 }), ["p0", "p3"]);
  assertEquals(recommendFrom(factors, visitor, { limit: 1 }), [{
    ...{ product_recommended: "p2", predicted_rating_confidence: 1 },
    ...{ product_group: "even", price_usd: 3 },
  }]);
});

Deno.test("factors of unequal length, no factors and options out of range are refused", () => {
  assertThrows(() => toItemFactors(rows([1, 2], [1])), Failure, "same number");
  assertThrows(() => toItemFactors([]), Failure, "same number");
  const factors = toItemFactors(rows([1]));
  assertThrows(() => foldIn(factors, [], { l2Reg: 0 }), Failure, "above 0");
  assertThrows(() => foldIn(factors, [], { walsAlpha: -1 }), Failure, "0 or more");
  assertThrows(() => foldIn(factors, [{ product: "p0", rating: NaN }]), Failure, "finite");
});
